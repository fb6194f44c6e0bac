using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Compose.Pages;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.People.Pages;

/// <summary>What the forms of <see cref="PersonPage"/> post to.</summary>
internal static class PeopleEndpoints
{
    public const string Root = "/redaktion/personer";

    /// <summary>In the place of an id: somebody who is not kept yet.</summary>
    public const string New = "ny";

    /// <summary>Field of the id.</summary>
    public const string KeyField = "person";

    /// <summary>Who was removed just now.</summary>
    public const string GoneField = "borta";

    public static void MapPeople(this WebApplication app)
    {
        var people = app.MapGroup(Root).RequireAuthorization(StaffPolicy.Editing).RequireFormToken();
        people.MapPost("/spara", SaveAsync).WithMetadata(new RequestSizeLimit(ComposeEndpoints.LargestUpload));
        people.MapPost("/bild", AddPicturesAsync).WithMetadata(new RequestSizeLimit(ComposeEndpoints.LargestUpload));
        people.MapPost("/{id:int:min(1)}/ta-bort", RemoveAsync);
        people.MapPost("/{id:int:min(1)}/lagg-tillbaka", BringBackAsync);
    }

    public static string Address(string key) => $"{Root}/{key}";

    /// <summary>Without script the portrait's file comes with the form.</summary>
    private static async Task<IResult> SaveAsync(HttpContext context, PeopleCommands people, MediaLibrary library)
    {
        if (await ComposeEndpoints.FormAsync(context) is not { } form) return Results.BadRequest();
        var (key, who, ct) = (form[KeyField].ToString(), Actor.Of(context.User), context.RequestAborted);
        int? id = int.TryParse(key, CultureInfo.InvariantCulture, out var known) ? known : null;
        if (id is null && key != New) return Results.NotFound();
        var fields = ComposeEndpoints.FieldsOf(form);
        var (picture, fault) = (await ComposeEndpoints.StoreAsync(form, library, who, ct)).FirstOrDefault();
        if (picture is not null) fields["portrait.mediaId"] = picture.Id;
        if (fault is not null) return Again([]);
        var saved = id is null ? await people.AddAsync(fields, who, ct) : await people.ChangeAsync(id.Value, Version(), fields, who, ct);
        return saved.Answer switch
        {
            PersonAnswer.Done => Results.LocalRedirect($"{Root}?svar={(id is null ? "tillagd" : "sparad")}"),
            PersonAnswer.NoSuchPerson => Results.NotFound(),
            PersonAnswer.Changed => Again([], changed: true),
            _ => Again(saved.Faults),
        };

        string Version() => form[ComposeEndpoints.VersionField].ToString();

        IResult Again(IReadOnlyList<Compose.FieldFault> faults, bool changed = false) => PageResult.Of<PersonPage>(
            changed ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity,
            (nameof(PersonPage.Key), key), (nameof(PersonPage.Typed), fields), (nameof(PersonPage.Faults), faults),
            (nameof(PersonPage.Picture), fault), (nameof(PersonPage.Version), changed ? null : Version()));
    }

    private static async Task<IResult> AddPicturesAsync(HttpContext context, MediaLibrary library, IStringLocalizer<ComposeWords> words) =>
        await ComposeEndpoints.FormAsync(context) is { } form
            ? ComposeEndpoints.Told(await ComposeEndpoints.StoreAsync(form, library, Actor.Of(context.User), context.RequestAborted), words)
            : Results.BadRequest();

    private static async Task<IResult> RemoveAsync(int id, HttpContext context, PeopleCommands people) =>
        await people.RemoveAsync(id, Actor.Of(context.User), context.RequestAborted)
            ? Results.LocalRedirect($"{Root}?svar=borttagen&{GoneField}={id.ToString(CultureInfo.InvariantCulture)}")
            : Results.NotFound();

    private static async Task<IResult> BringBackAsync(int id, HttpContext context, PeopleCommands people) =>
        await people.BringBackAsync(id, Actor.Of(context.User), context.RequestAborted)
            ? Results.LocalRedirect($"{Root}?svar=tillbaka")
            : Results.NotFound();
}
