using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using Npgsql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues;

/// <summary>Something that whoever queues an issue should know.</summary>
/// <param name="Blocks">The issue cannot be queued; else it is a warning.</param>
/// <param name="Place">Where in the content, as in its JSON: <c>sections[2].blocks[0].heading</c>; null: the issue as a whole.</param>
/// <param name="Words">What is wrong and how to mend it, in the language of whoever asks.</param>
public sealed record IssueFinding(bool Blocks, string? Place, string Words)
{
    public string Sentence => Place is null ? Words : $"{Place}: {Words}";
}

/// <summary>What speaks against queueing an issue. Asked by the command; pages and the command line only show it.</summary>
public sealed class IssueChecks(NpgsqlDataSource source, AudienceCount audience, IStringLocalizer<IssueWords> words)
{
    /// <summary>Fewer than this share of the last issue's audience is worth a question.</summary>
    private const double UsualShare = 0.8;

    /// <param name="content">The issue's content as JSON.</param>
    public async Task<IReadOnlyList<IssueFinding>> FindAsync(string content, CancellationToken ct) =>
        [.. InContent(content), .. await InAudienceAsync(ct)];

    private IEnumerable<IssueFinding> InContent(string json)
    {
        try
        {
            var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
            return IssueContentJson.Deserialize(json).Problems().Select(problem => new IssueFinding(true, problem.Path, problem.Text(language)));
        }
        catch (JsonException)
        {
            return [new(true, null, words["ContentUnreadable"])];
        }
    }

    private async Task<IReadOnlyList<IssueFinding>> InAudienceAsync(CancellationToken ct)
    {
        var now = await audience.CountAsync(ct);
        if (now == 0) return [new(true, null, words["NoAudience"])];
        await using var command = source.CreateCommand("SELECT audience FROM issue WHERE state = 'sent' ORDER BY started_at DESC LIMIT 1");
        return await command.ExecuteScalarAsync(ct) is int last
            && now < last * UsualShare ? [new(false, null, words["AudienceShrank", last, now])] : [];
    }
}
