using System.Text;
using System.Text.Json;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>An issue as this service keeps it (<see cref="IssueContentJson"/>). Its pictures are those that are stored here.</summary>
internal static class JsonFile
{
    /// <exception cref="IssueFileException"/>
    public static IssueFile Read(byte[] bytes, IssueFileFacts facts)
    {
        var content = Parse(bytes);
        content = content with
        {
            Year = facts.Month?.Year ?? content.Year,
            Month = facts.Month?.Month ?? content.Month,
            Subject = facts.Subject ?? content.Subject,
            Language = facts.Language ?? content.Language,
        };
        var problems = content.Problems();
        return problems.Count == 0
            ? new(content, new Dictionary<string, byte[]>(), null, 0)
            : throw new IssueFileException(IssueFileFault.Unfinished,
                string.Join(' ', problems.Take(5).Select(problem =>
                    $"{problem.Path}: {problem.Text(System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName)}")));
    }

    private static bool IsText(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => ReadableInput.IsText(part.GetString()),
        JsonValueKind.Array => part.EnumerateArray().All(IsText),
        JsonValueKind.Object => part.EnumerateObject().All(property => IsText(property.Value)),
        _ => true,
    };

    private static IssueContent Parse(byte[] bytes)
    {
        try
        {
            var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
            var content = IssueContentJson.Deserialize(text);
            using var document = JsonDocument.Parse(text);
            return IsText(document.RootElement) ? content : throw new IssueFileException(IssueFileFault.NotIssueJson, "U+FFFE");
        }
        // Half a surrogate pair, written as \u.
        catch (InvalidOperationException)
        {
            throw new IssueFileException(IssueFileFault.NotIssueJson, "U+FFFD");
        }
        catch (JsonException e)
        {
            // JSON's own words name the place and nothing of what stands there.
            throw new IssueFileException(IssueFileFault.NotIssueJson, e.Path ?? $"{e.LineNumber + 1}:{e.BytePositionInLine + 1}");
        }
    }
}
