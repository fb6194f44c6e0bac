using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Issues.People;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>
/// What the composer's forms post to. Each leads back to the page, with the part that was worked on open; a save that comes from the page's
/// script is answered with JSON instead.
/// </summary>
internal static class ComposeEndpoints
{
    /// <summary>Fields of the forms themselves; all others are the part's.</summary>
    public const string PartField = "del", VersionField = "utgava", KindField = "slag", ChoiceField = "val", SectionField = "avdelning",
        StepField = "steg", FromField = "fran", MonthField = "manad", ListField = "lista";

    /// <summary>Choices of a conflict.</summary>
    public const string KeepMine = "min", KeepBoth = "bada";

    /// <summary>The files that somebody chose.</summary>
    public const string PictureField = "bild";

    /// <summary>Octets: some pictures as a telephone takes them. With script they are shrunk before.</summary>
    public const long LargestUpload = 30 << 20;

    private static readonly string[] OwnFields = [PartField, VersionField, KindField, ChoiceField, SectionField, StepField];

    public static void Map(RouteGroupBuilder issue)
    {
        issue.MapPost("/skriv/spara", SaveAsync);
        // Where a login leads that was asked for in the middle of saving.
        issue.MapGet("/skriv/spara", (int id) => Results.LocalRedirect(Address(id)));
        Do(issue, "/skriv/ny-avdelning",
            async (id, form, who, commands, ct) => After(id, await commands.AddSectionAsync(id, Line(form["heading"]), who, ct)));
        Do(issue, "/skriv/lagg-till", async (id, form, who, commands, ct) =>
            After(id, await commands.AddBlockAsync(id, $"{form[SectionField]}", EnumWord.Read<NewBlock>(form[KindField]), who, ct)));
        Do(issue, "/skriv/kontakt", async (id, _, who, commands, ct) => After(id, await commands.AddContactAsync(id, who, ct)));
        Do(issue, "/skriv/kopiera",
            async (id, form, who, commands, ct) => After(id, await commands.DuplicateAsync(id, Part(form), who, ct), "kopierad"));
        Do(issue, "/skriv/para", async (id, form, who, commands, ct) => After(id, await commands.PairAsync(id, Part(form), who, ct)));
        Do(issue, "/skriv/dela", async (id, form, who, commands, ct) => After(id, await commands.SplitAsync(id, Part(form), who, ct)));
        Do(issue, "/skriv/ta-bort", async (id, form, who, commands, ct) =>
            After(id, new(await commands.RemoveAsync(id, Part(form), who, ct)), $"borttagen&borta={Uri.EscapeDataString(Part(form))}"));
        Do(issue, "/skriv/lagg-tillbaka",
            async (id, form, who, commands, ct) => After(id, await commands.PutBackAsync(id, Part(form), who, ct), "tillbaka"));
        Do(issue, "/skriv/flytta", MoveAsync);
        Do(issue, "/skriv/flytta-till",
            async (id, form, who, commands, ct) => Moved(id, await commands.MoveToAsync(id, Part(form), $"{form[SectionField]}", who, ct), ""));
        Do(issue, "/historik/aterstall", async (id, form, who, commands, ct) =>
            long.TryParse(form["rad"], CultureInfo.InvariantCulture, out var revision)
                ? After(id, new(await commands.RestoreAsync(id, revision, who, ct)), "aterstalld")
                : Results.BadRequest());
        issue.MapPost("/skriv/ta-tillbaka", TakeBackAsync);
        issue.MapPost("/skriv/manad", MonthAsync);
        issue.MapPost("/skriv/listor", ListsAsync);
        issue.MapPost("/skriv/prov", TestAsync);
        issue.MapPost("/skriv/forhandsvisning", PreviewAsync);
        issue.MapPost("/skriv/bild", AddPicturesAsync).WithMetadata(new RequestSizeLimit(LargestUpload));
        PresenceNews.Map(issue);
        issue.MapPost("/ta-bort", DeleteAsync);
        issue.MapPost("/hamta-tillbaka", BringBackAsync);
        issue.MapGet("/historik/{revision:long}/forhandsvisning", RevisionPreviewAsync);
    }

    public static void MapNew(RouteGroupBuilder staff)
    {
        staff.MapPost("/nytt/skapa", CreateAsync);
        WordEndpoints.Map(staff);
    }

    public static string Address(int id, string? part = null, string? answer = null)
    {
        var query = string.Join('&',
            new[] { part is null ? null : $"{PartField}={Uri.EscapeDataString(part)}", answer is null ? null : $"svar={answer}" }.OfType<string>());
        return $"/redaktion/nummer/{id}/skriv{(query == "" ? "" : "?" + query)}";
    }

    private static void Do(RouteGroupBuilder issue, string path,
        Func<int, IFormCollection, Actor, DraftCommands, CancellationToken, Task<IResult>> act) =>
        issue.MapPost(path, async (int id, HttpContext context, DraftCommands commands) =>
            await FormAsync(context) is { } form ? await act(id, form, Actor.Of(context.User), commands, context.RequestAborted)
                : Results.BadRequest());

    private static async Task<IResult> SaveAsync(int id, HttpContext context, DraftCommands commands, PeopleCommands people, DatabaseClock time,
        LocalText text)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var (part, fields, who, ct) = (Part(form), FieldsOf(form), Actor.Of(context.User), context.RequestAborted);
        var picked = PersonChoice.Of(form);
        var filled = picked is null ? "sparad" : await picked.FillAsync(fields, people, ct);
        var version = int.TryParse(form[VersionField], CultureInfo.InvariantCulture, out var shown) ? shown : 0;
        if (form[ChoiceField] == KeepBoth)
            return After(id, await commands.SaveAsNewAsync(id, part, EnumWord.Find<NewBlock>(form[KindField]) ?? NewBlock.Article, fields, who, ct));
        var saved = await commands.SaveAsync(id, part, version, fields, who, ct);
        if (IsScript(context))
            return Results.Json(
                new { state = $"{saved.Answer}", version = saved.Version, at = text.Clock(time.GetUtcNow()) }, statusCode: StatusOf(saved.Answer));
        return saved.Answer switch
        {
            ComposeAnswer.Done => Results.LocalRedirect(Address(id, part, filled ?? await picked!.KeepAsync(fields, people, who, ct))),
            ComposeAnswer.NoSuchIssue => Results.NotFound(),
            ComposeAnswer.NotDraft => Results.LocalRedirect(Address(id, answer: "NotDraft")),
            _ => PageResult.Of<ComposerPage>(StatusOf(saved.Answer), (nameof(ComposerPage.Id), id),
                (nameof(ComposerPage.Typed), new TypedPart(part, $"{form[KindField]}", fields, saved))),
        };
    }

    /// <summary>The letter with what a part's form holds now; nothing is saved. A field that cannot be read is as it was.</summary>
    private static async Task<IResult> PreviewAsync(int id, HttpContext context, DraftCommands commands, IssuePreview preview)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        return await commands.WithAsync(id, Part(form), FieldsOf(form), context.RequestAborted) is { } content
            ? await preview.FrameAsync(content, context)
            : Results.NotFound();
    }

    private static async Task<IResult> MoveAsync(int id, IFormCollection form, Actor who, DraftCommands commands, CancellationToken ct)
    {
        var step = form[StepField] == "upp" ? -1 : 1;
        return Moved(id, await commands.MoveAsync(id, Part(form), step, who, ct), $"&fokus={(step < 0 ? "upp" : "ned")}");
    }

    // Focus goes back to the button, so the address has no fragment: with one, a browser leaves autofocus alone.
    private static IResult Moved(int id, EditAnswer edit, string focus) => edit.Answer == ComposeAnswer.Done
        ? Results.LocalRedirect($"{Address(id, answer: "flyttad")}&rad={Uri.EscapeDataString(edit.Part!)}{focus}")
        : After(id, edit);

    private static async Task<IResult> TakeBackAsync(int id, HttpContext context, IssueCommands commands) =>
        await commands.TakeBackAsync(id, Actor.Of(context.User), context.RequestAborted) == CommandAnswer.NoSuchIssue
            ? Results.NotFound()
            : Results.LocalRedirect(Address(id));

    private static async Task<IResult> MonthAsync(int id, HttpContext context, IssueDrafts drafts)
    {
        if (await FormAsync(context) is not { } form || MonthOf(form) is not { } month) return Results.BadRequest();
        return After(id, new(await drafts.MoveToMonthAsync(id, month.Year, month.Month, Actor.Of(context.User), context.RequestAborted)), "manad");
    }

    private static async Task<IResult> ListsAsync(int id, HttpContext context, IssueDrafts drafts)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var lists = form[ListField].Select(one => short.TryParse(one, CultureInfo.InvariantCulture, out var list) ? list : (short)0).ToList();
        var answer = await drafts.GoToAsync(id, lists, Actor.Of(context.User), context.RequestAborted);
        return answer == ComposeAnswer.NoSuchPart ? Results.LocalRedirect(Address(id, answer: "ingen-lista")) : After(id, new(answer), "listor");
    }

    private static async Task<IResult> TestAsync(int id, HttpContext context, TestLetters letters)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var answer = await letters.SendAsync(id, form["adress"].ToString(), Actor.Of(context.User), context.RequestAborted);
        return answer == TestAnswer.NoSuchIssue ? Results.NotFound() : Results.LocalRedirect($"{Address(id, answer: $"prov-{answer}")}#prov");
    }

    /// <summary>For script each picture, or why it is none; else back to the part, whose choice of pictures begins with the new ones.</summary>
    private static async Task<IResult> AddPicturesAsync(
        int id, HttpContext context, DraftStore drafts, MediaLibrary library, IStringLocalizer<ComposeWords> words)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        if (await drafts.ReadAsync(id, context.RequestAborted) is null) return Results.NotFound();
        var answers = await StoreAsync(form, library, Actor.Of(context.User), context.RequestAborted);
        if (IsScript(context)) return Told(answers, words);
        var first = answers.Count == 0 ? PictureFault.Empty : answers.FirstOrDefault(answer => answer.Fault is not null).Fault;
        return Results.LocalRedirect(Address(id, Part(form), first is { } wrong ? $"bild-{wrong}" : "bild"));
    }

    /// <summary>Each of the files that somebody chose.</summary>
    public static async Task<IReadOnlyList<(PictureFile? Picture, PictureFault? Fault)>> StoreAsync(IFormCollection form, MediaLibrary library,
        Actor who, CancellationToken ct)
    {
        var answers = new List<(PictureFile?, PictureFault?)>();
        foreach (var file in form.Files.Where(file => file.Name == PictureField))
        {
            var bytes = new byte[file.Length];
            await using var stream = file.OpenReadStream();
            await stream.ReadExactlyAsync(bytes, ct);
            answers.Add(await library.AddAsync(bytes, who, ct));
        }

        return answers;
    }

    /// <summary>For script: each stored picture, or in words why there is none.</summary>
    public static IResult Told(IEnumerable<(PictureFile? Picture, PictureFault? Fault)> answers, IStringLocalizer<ComposeWords> words) =>
        Results.Json(answers.Select(answer => answer.Fault is { } fault
            ? (object)new { fault = words[$"Picture.{fault}"].Value }
            : new { answer.Picture!.Id, answer.Picture.Width, answer.Picture.Height }));

    private static async Task<IResult> CreateAsync(HttpContext context, IssueDrafts drafts)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        int? copied = int.TryParse(form["kopia"], CultureInfo.InvariantCulture, out var issue) ? issue : null;
        var from = EnumWord.Read<NewIssueFrom>(form[FromField]);
        return await drafts.CreateAsync(from, copied, MonthOf(form), Actor.Of(context.User), context.RequestAborted) is { } made
            ? Results.LocalRedirect(Address(made))
            : Results.LocalRedirect("/redaktion/nummer/nytt?svar=inget");
    }

    private static async Task<IResult> DeleteAsync(int id, HttpContext context, IssueDrafts drafts) =>
        await drafts.DeleteAsync(id, Actor.Of(context.User), context.RequestAborted) switch
        {
            ComposeAnswer.Done => Results.LocalRedirect($"/redaktion?borttaget={id}"),
            ComposeAnswer.NotDraft => Results.LocalRedirect(Address(id)),
            _ => Results.NotFound(),
        };

    private static async Task<IResult> BringBackAsync(int id, HttpContext context, IssueDrafts drafts) =>
        await drafts.BringBackAsync(id, Actor.Of(context.User), context.RequestAborted) == ComposeAnswer.Done
            ? Results.LocalRedirect(Address(id))
            : Results.NotFound();

    private static async Task<IResult> RevisionPreviewAsync(int id, long revision, HttpContext context, Revisions revisions, IssuePreview preview) =>
        await revisions.FindAsync(id, revision, context.RequestAborted) is { } found
            ? await preview.FrameAsync(found.Content, context)
            : Results.NotFound();

    private static IResult After(int id, EditAnswer edit, string? answer = null) => edit.Answer switch
    {
        ComposeAnswer.Done => Results.LocalRedirect(Address(id, edit.Part, answer)),
        ComposeAnswer.NoSuchIssue => Results.NotFound(),
        var other => Results.LocalRedirect(Address(id, answer: $"{other}")),
    };

    private static int StatusOf(ComposeAnswer answer) => answer switch
    {
        ComposeAnswer.Done => StatusCodes.Status200OK,
        ComposeAnswer.NoSuchIssue => StatusCodes.Status404NotFound,
        ComposeAnswer.Fault => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status409Conflict,
    };

    private static bool IsScript(HttpContext context) => context.Request.Headers.Accept == "application/json";

    private static string Part(IFormCollection form) => form[PartField].ToString();

    private static string Line(string? text) => PartFields.Line(text ?? "");

    public static (int Year, int Month)? MonthOf(IFormCollection form) =>
        DateOnly.TryParseExact($"{form[MonthField]}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            && month.Year is >= 2000 and <= 2999 ? (month.Year, month.Month) : null;

    // A box that can be unticked sends its empty value first, so the last value counts.
    public static Dictionary<string, string> FieldsOf(IFormCollection form) => form
        .Where(field => !OwnFields.Contains(field.Key, StringComparer.Ordinal) && !field.Key.StartsWith("__", StringComparison.Ordinal)
            && !field.Key.StartsWith(PersonChoice.PersonField, StringComparison.Ordinal))
        .ToDictionary(field => field.Key, field => field.Value.LastOrDefault() ?? "", StringComparer.Ordinal);

    public static async Task<IFormCollection?> FormAsync(HttpContext context) =>
        context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
}
