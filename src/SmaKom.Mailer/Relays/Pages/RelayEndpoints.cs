using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Limits;

namespace SmaKom.Mailer.Relays.Pages;

/// <summary>What the buttons of <see cref="SettingsPage"/> and <see cref="RelayPage"/> post to.</summary>
internal static class RelayEndpoints
{
    public const string Settings = "/admin/installningar";

    public static void MapRelays(this WebApplication app)
    {
        var settings = app.AdminGroup(Settings);
        settings.MapPost("/e-postserver/{id:int:min(1)}/prova", TryAsync);
        settings.MapPost("/e-postserver/{id:int:min(1)}/ta-bort", RemoveAsync);
        settings.MapPost("/grans/{id:int:min(1)}", ChangeLimitAsync);
        settings.MapPost("/grans/{id:int:min(1)}/ta-bort", RemoveLimitAsync);
    }

    public static string Address(short relay) => $"{Settings}/e-postserver/{relay}";

    private static async Task<IResult> TryAsync(short id, HttpContext context, RelayCommands commands, ConnectionTests tests)
    {
        if (await commands.FindAsync(id, context.RequestAborted) is not { } relay) return Results.NotFound();
        await tests.RunAsync(relay, context.RequestAborted);
        return Results.LocalRedirect($"{Address(id)}?provad=ja#prov");
    }

    private static async Task<IResult> RemoveAsync(short id, HttpContext context, RelayCommands commands, ConnectionTests tests)
    {
        if (await commands.RemoveAsync(id, Actor.Of(context.User), context.RequestAborted) is not { } name) return Results.NotFound();
        tests.Forget(id);
        return Results.LocalRedirect($"{Settings}?svar=borttagen&namn={Uri.EscapeDataString(name)}");
    }

    private static async Task<IResult> ChangeLimitAsync(short id, HttpContext context, RateLimits limits)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!LimitForm.TryCount(form["antal"], out var count)) return Results.LocalRedirect($"{Settings}?svar=fel-antal#hastighet");
        if (!await limits.ChangeAsync(id, count, Actor.Of(context.User), context.RequestAborted)) return Results.NotFound();
        return Results.LocalRedirect($"{Settings}?svar=grans-andrad#hastighet");
    }

    private static async Task<IResult> RemoveLimitAsync(short id, HttpContext context, RateLimits limits)
    {
        if (!await limits.RemoveAsync(id, Actor.Of(context.User), context.RequestAborted)) return Results.NotFound();
        return Results.LocalRedirect($"{Settings}?svar=grans-borttagen#hastighet");
    }
}
