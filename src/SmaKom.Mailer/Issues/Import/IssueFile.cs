using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>Why a file is not brought into the archive. Each has a sentence on the command line (<c>IssueImport.*</c>).</summary>
public enum IssueFileFault
{
    /// <summary>Neither .html, .eml nor .json.</summary>
    UnknownKind,
    TooLarge,
    /// <summary>Not JSON, or not of the form of an issue.</summary>
    NotIssueJson,
    /// <summary>JSON of an issue that cannot be shown.</summary>
    Unfinished,
    NoText,
    NoTitle,
    /// <summary>Neither the file nor the caller says which month it is of.</summary>
    NoMonth,
}

/// <param name="detail">What the sentence names.</param>
public sealed class IssueFileException(IssueFileFault fault, string detail = "") : Exception($"{fault} {detail}")
{
    public IssueFileFault Fault => fault;

    public string Detail => detail;
}

/// <summary>What the caller knows better than the file.</summary>
/// <param name="Language">"sv" or "en".</param>
public sealed record IssueFileFacts((int Year, int Month)? Month, string? Subject, string? Language);

/// <summary>An issue as a file holds it.</summary>
/// <param name="Pictures">Those that its content names, by the name that it calls them.</param>
/// <param name="SentAt">Null: the file does not say.</param>
/// <param name="PicturesLeftOut">Which lie elsewhere, or are no picture that browsers show.</param>
public sealed record IssueFile(IssueContent Content, IReadOnlyDictionary<string, byte[]> Pictures, DateTimeOffset? SentAt, int PicturesLeftOut)
{
    /// <summary>In octets. A letter with its pictures is a tenth of it.</summary>
    public const int Heaviest = 40 << 20;

    /// <param name="name">Of the file: its ending says what it is, and it may name a month.</param>
    /// <exception cref="IssueFileException"/>
    public static IssueFile Read(string name, byte[] bytes, IssueFileFacts facts)
    {
        if (bytes.Length > Heaviest) throw new IssueFileException(IssueFileFault.TooLarge);
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".json" => JsonFile.Read(bytes, facts),
            ".eml" => MailFile.Read(name, bytes, facts),
            ".html" or ".htm" => WebFile.Read(name, bytes, facts),
            var other => throw new IssueFileException(IssueFileFault.UnknownKind, other),
        };
    }
}
