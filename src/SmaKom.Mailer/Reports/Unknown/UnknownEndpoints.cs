using System.Globalization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Decisions;

namespace SmaKom.Mailer.Reports.Unknown;

/// <summary>What the buttons of <see cref="UnknownPage"/> post to.</summary>
internal static class UnknownEndpoints
{
    /// <summary>POST /redaktion/nummer/{id}/ovissa/besluta</summary>
    public static async Task<IResult> DecideAsync(int id, HttpContext context, UnknownDeliveries unknown)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var decision = form["beslut"].ToString();
        var chosen = decision.EndsWith("alla", StringComparison.Ordinal) ? null : Ids(form["id"]);
        if (chosen is { Count: 0 }) return Results.LocalRedirect($"{Address(id)}?ingen=true");
        return decision.Split('-')[0] switch
        {
            "igen" => Results.LocalRedirect(
                $"{Address(id)}?igen={await unknown.SendAgainAsync(id, chosen, Actor.Of(context.User), context.RequestAborted)}"),
            "lat" => Results.LocalRedirect(
                $"{Address(id)}?lat={await unknown.LeaveAsync(id, chosen, Actor.Of(context.User), context.RequestAborted)}"),
            _ => Results.BadRequest(),
        };
    }

    private static List<long> Ids(IEnumerable<string?> values) =>
        [.. values.Select(value => long.TryParse(value, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)];

    private static string Address(int id) => $"/redaktion/nummer/{id}/ovissa";
}
