namespace SmaKom.Mailer.Health;

internal static class HealthEndpoints
{
    /// <summary>
    /// For machines, without a login, so without anything that is worth hiding. Past all that reads cookies: those would ask the database.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("ok")).ShortCircuit();
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken ct) =>
        {
            var state = await readiness.LookAsync(ct);
            return Results.Json(state, statusCode: state.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).ShortCircuit();
    }
}
