using System.Globalization;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>An enhanced status code such as 5.1.1 (RFC 3463): it refines the basic code, never overrules it.</summary>
public readonly record struct EnhancedCode(int Class, int Subject, int Detail)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");
}

/// <summary>What a server answered to one command (RFC 5321 §4.2).</summary>
/// <param name="Code">200–599.</param>
/// <param name="Enhanced">The enhanced code of the last line, if the server wrote one that agrees with <paramref name="Code"/>.</param>
/// <param name="Text">The server's words, lines joined by <c>\n</c>, printable and well-formed, at most 1,000 UTF-16 code units.</param>
public sealed record SmtpReply(int Code, EnhancedCode? Enhanced, string Text)
{
    private const int MaxText = 1000;

    // Whoever makes a reply: what cannot be stored would stop more than its own letter.
    public string Text { get; init => field = UnicodeText.Truncate(value, MaxText); } = UnicodeText.Truncate(Text, MaxText);

    /// <summary>All of the server's words: what a relay offers in reply to EHLO may stand behind many others.</summary>
    internal string Whole { get => field ?? Text; init; }

    public bool IsPositive => Code is >= 200 and < 400;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>The reply as it stood on the wire, on one line: <c>550 5.1.1 No such user</c>.</summary>
    public override string ToString() =>
        string.Join(' ', [Code.ToString(CultureInfo.InvariantCulture), .. Enhanced is { } e ? [e.ToString()] : Array.Empty<string>(),
            Text.Replace('\n', ' ')]).TrimEnd();
}
