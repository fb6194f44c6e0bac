using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <param name="Version">Of the part, afterwards.</param>
/// <param name="Theirs">With <see cref="ComposeAnswer.Conflict"/>: the part as it is stored now.</param>
/// <param name="Last">Who changed it last, and when.</param>
public sealed record SaveAnswer(ComposeAnswer Answer, int Version = 0, IReadOnlyDictionary<string, string>? Theirs = null, PartVersion? Last = null,
    IReadOnlyList<FieldFault>? Faults = null);

/// <param name="Part">The part that came of it, or that was moved.</param>
public sealed record EditAnswer(ComposeAnswer Answer, string? Part = null);

/// <summary>What an editor does to the parts of a draft. Each command is noted with who did it, in the same transaction.</summary>
public sealed class DraftCommands(DraftStore drafts, Revisions revisions, MediaLibrary library)
{
    /// <summary>Saves a part's fields. The same text as is stored is no conflict, and leaves no trace.</summary>
    /// <param name="version">That of the part when its form was shown.</param>
    public async Task<SaveAnswer> SaveAsync(int issue, string part, int version, IReadOnlyDictionary<string, string> fields, Actor actor,
        CancellationToken ct)
    {
        var size = await SizesAsync(fields, ct);
        SaveAnswer? told = null;
        var answer = await drafts.EditAsync(issue, actor, "issue.edit", typed: true, draft =>
        {
            if (DraftPart.Find(draft.Content, part) is not { } found) return null;
            var (mine, faults) = PartFields.Apply(found.Value, fields, size);
            var (now, theirs) = (draft.VersionOf(part), PartFields.Of(found.Value));
            var isSame = PartFields.Of(mine).OrderBy(field => field.Key, StringComparer.Ordinal)
                .SequenceEqual(theirs.OrderBy(field => field.Key, StringComparer.Ordinal));
            told = faults.Count > 0 ? new(ComposeAnswer.Fault, now.Version, Faults: faults)
                : isSame ? new(ComposeAnswer.Done, now.Version)
                : version != now.Version ? new(ComposeAnswer.Conflict, now.Version, theirs, now)
                : new(ComposeAnswer.Done, now.Version + 1);
            return told.Answer == ComposeAnswer.Done ? ContentEdits.Replace(draft.Content, found, mine) : draft.Content;
        }, ct);
        return answer == ComposeAnswer.Done ? told! : new(answer);
    }

    /// <summary>The draft's content as it would be with these fields in a part. Null: there is no such draft, or no such part.</summary>
    public async Task<IssueContent?> WithAsync(int issue, string part, IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        var size = await SizesAsync(fields, ct);
        return await drafts.ReadAsync(issue, ct) is { } draft && DraftPart.Find(draft.Content, part) is { } found
            ? ContentEdits.Replace(draft.Content, found, PartFields.Apply(found.Value, fields, size).Part)
            : null;
    }

    /// <summary>What was typed into one block becomes a block of its own after it, or at the end of the issue when the block is gone.</summary>
    public async Task<EditAnswer> SaveAsNewAsync(int issue, string part, NewBlock kind, IReadOnlyDictionary<string, string> fields, Actor actor,
        CancellationToken ct)
    {
        var size = await SizesAsync(fields, ct);
        return await MakeAsync(issue, "issue.add", actor, draft =>
        {
            var like = DraftPart.Find(draft.Content, part);
            var block = (Block)PartFields.Apply(like is { Value: Block other } ? DraftPart.Copy(other) : ContentEdits.New(kind), fields, size).Part;
            return like is { Value: Block } ? ContentEdits.AddAfter(draft.Content, part, block)
                : draft.Content.Sections.LastOrDefault() is { } last ? ContentEdits.AddBlock(draft.Content, last.Id!, block)
                : null;
        }, ct);
    }

    public Task<EditAnswer> AddSectionAsync(int issue, string heading, Actor actor, CancellationToken ct) =>
        MakeAsync(issue, "issue.add", actor, draft => ContentEdits.AddSection(draft.Content, heading), ct);

    public Task<EditAnswer> AddBlockAsync(int issue, string section, NewBlock kind, Actor actor, CancellationToken ct) =>
        MakeAsync(issue, "issue.add", actor, draft => ContentEdits.AddBlock(draft.Content, section, ContentEdits.New(kind)), ct);

    public Task<EditAnswer> AddContactAsync(int issue, Actor actor, CancellationToken ct) =>
        MakeAsync(issue, "issue.add", actor, draft => draft.Content.Contact is null ? draft.Content with { Contact = new() { Name = "" } } : null,
            ct);

    public Task<EditAnswer> DuplicateAsync(int issue, string part, Actor actor, CancellationToken ct) =>
        MakeAsync(issue, "issue.duplicate", actor, draft => ContentEdits.Duplicate(draft.Content, part), ct);

    public Task<EditAnswer> PairAsync(int issue, string part, Actor actor, CancellationToken ct) =>
        MakeAsync(issue, "issue.pair", actor, draft => ContentEdits.Pair(draft.Content, part), ct);

    public Task<EditAnswer> SplitAsync(int issue, string part, Actor actor, CancellationToken ct) =>
        MakeAsync(issue, "issue.split", actor, draft => ContentEdits.Split(draft.Content, part), ct);

    /// <param name="step">-1: up, 1: down.</param>
    public async Task<EditAnswer> MoveAsync(int issue, string part, int step, Actor actor, CancellationToken ct) =>
        new(await drafts.EditAsync(issue, actor, "issue.move", typed: false, draft => ContentEdits.Move(draft.Content, part, step), ct), part);

    public async Task<EditAnswer> MoveToAsync(int issue, string part, string section, Actor actor, CancellationToken ct) =>
        new(await drafts.EditAsync(issue, actor, "issue.move", typed: false, draft => ContentEdits.MoveTo(draft.Content, part, section), ct), part);

    /// <summary>A section goes with what is in it.</summary>
    public Task<ComposeAnswer> RemoveAsync(int issue, string part, Actor actor, CancellationToken ct) =>
        drafts.EditAsync(issue, actor, "issue.remove", typed: false, draft => ContentEdits.Remove(draft.Content, part), ct);

    /// <summary>Takes a removal back, from the newest state of the issue that still had the part. What was written since stays.</summary>
    public async Task<EditAnswer> PutBackAsync(int issue, string part, Actor actor, CancellationToken ct)
    {
        if (await revisions.LastWithAsync(issue, part, ct) is not { } before) return new(ComposeAnswer.NoSuchPart);
        return new(await drafts.EditAsync(
            issue, actor, "issue.put-back", typed: false, draft => ContentEdits.PutBack(draft.Content, before, part), ct), part);
    }

    /// <summary>The content of a line of the history comes back, as a further line. The issue stays in its month.</summary>
    public async Task<ComposeAnswer> RestoreAsync(int issue, long revision, Actor actor, CancellationToken ct)
    {
        if (await revisions.FindAsync(issue, revision, ct) is not { } found) return ComposeAnswer.NoSuchPart;
        return await drafts.EditAsync(issue, actor, "issue.restore", typed: false,
            draft => found.Content with { Year = draft.Content.Year, Month = draft.Content.Month }, ct);
    }

    /// <summary>The answer names the part that is there afterwards and was not before.</summary>
    private async Task<EditAnswer> MakeAsync(int issue, string what, Actor actor, Func<Draft, IssueContent?> edit, CancellationToken ct)
    {
        string? made = null;
        var answer = await drafts.EditAsync(issue, actor, what, typed: false, draft =>
        {
            if (edit(draft) is not { } content) return null;
            var before = DraftPart.All(draft.Content).Select(part => part.Id).ToHashSet(StringComparer.Ordinal);
            made = DraftPart.All(content).FirstOrDefault(part => !before.Contains(part.Id))?.Id;
            return content;
        }, ct);
        return new(answer, made);
    }

    private async Task<PictureSize> SizesAsync(IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        var sizes = await library.SizesAsync(PartFields.MediaIn(fields), ct);
        return id => sizes.TryGetValue(id, out var size) ? size : null;
    }
}
