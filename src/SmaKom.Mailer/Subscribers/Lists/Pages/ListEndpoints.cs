using System.Globalization;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.Lists.Pages;

/// <summary>What the forms of <see cref="ListsPage"/> and <see cref="ListPage"/> post to.</summary>
internal static class ListEndpoints
{
    public const string Root = "/redaktion/prenumeranter/listor";

    /// <summary>In the place of an id: a list that is not there yet.</summary>
    public const string New = "ny";

    public static void MapLists(this WebApplication app)
    {
        var lists = app.MapGroup(Root).RequireAuthorization(StaffPolicy.Editing).RequireFormToken();
        lists.MapPost("/spara", SaveAsync);
        lists.MapPost("/{id:int:min(1)}/upp", (short id, HttpContext context, ListCommands commands) => MoveAsync(id, true, context, commands));
        lists.MapPost("/{id:int:min(1)}/ned", (short id, HttpContext context, ListCommands commands) => MoveAsync(id, false, context, commands));
        lists.MapPost("/{id:int:min(1)}/stang", CloseAsync);
        lists.MapPost("/{id:int:min(1)}/oppna", ReopenAsync);
    }

    private static async Task<IResult> SaveAsync(HttpContext context, ListCommands commands, MailingLists all)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (key, who, ct) = (form["lista"].ToString(), Actor.Of(context.User), context.RequestAborted);
        short? id = short.TryParse(key, CultureInfo.InvariantCulture, out var known) ? known : null;
        if (id is null ? key != New : (await all.AllAsync(ct, closed: true)).All(list => list.Id != id)) return Results.NotFound();
        var typed = new ListFields(form["key"].ToString(), form["name"].ToString(), form["description"].ToString(), form["open"] == "ja");
        var saved = id is null ? await commands.AddAsync(typed, who, ct) : await commands.ChangeAsync(id.Value, typed, who, ct);
        return saved.Answer switch
        {
            ListAnswer.Done => Results.LocalRedirect($"{Root}?svar={(id is null ? "tillagd" : "sparad")}"),
            ListAnswer.NoSuchList => Results.NotFound(),
            _ => PageResult.Of<ListPage>(StatusCodes.Status422UnprocessableEntity,
                (nameof(ListPage.Key), key), (nameof(ListPage.Typed), typed), (nameof(ListPage.Faults), saved.Faults)),
        };
    }

    private static async Task<IResult> MoveAsync(short id, bool up, HttpContext context, ListCommands commands)
    {
        await commands.MoveAsync(id, up, Actor.Of(context.User), context.RequestAborted);
        return Results.LocalRedirect($"{Root}?svar=flyttad");
    }

    private static async Task<IResult> CloseAsync(short id, HttpContext context, ListCommands commands) =>
        await commands.CloseAsync(id, Actor.Of(context.User), context.RequestAborted) switch
        {
            ListAnswer.Done => Results.LocalRedirect($"{Root}?svar=stangd"),
            ListAnswer.InUse => Results.LocalRedirect($"{Root}?svar=upptagen"),
            _ => Results.NotFound(),
        };

    private static async Task<IResult> ReopenAsync(short id, HttpContext context, ListCommands commands) =>
        await commands.ReopenAsync(id, Actor.Of(context.User), context.RequestAborted)
            ? Results.LocalRedirect($"{Root}?svar=oppnad")
            : Results.NotFound();
}
