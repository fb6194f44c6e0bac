using System.Text;
using MailKit;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Mail.Imap;

/// <summary>
/// Listens to what MailKit and the server say to each other, in plaintext also under TLS, and knows from it which command
/// is being waited for and how it was refused. Keeps no secret: of what we say it looks at the command's name only.
/// </summary>
internal sealed class ImapDialogue(MailboxEndpoint mailbox) : IProtocolLogger
{
    private const int LongestLine = 8192;

    // What is no letter: names of folders, words of the server.
    private const long LongestPiece = 65_536;
    private readonly List<byte> line = [];
    private long literal;
    private bool isContinued;

    /// <summary>The command that is being waited for.</summary>
    public string Stage { get; private set; } = mailbox.Tls == TlsMode.Implicit ? "TLS" : "greeting";

    /// <summary>The last NO, BAD or BYE since the command; null: none.</summary>
    public ImapRefusal? Refusal { get; private set; }

    /// <summary>How long a letter may be that has been asked for; 0: none has been.</summary>
    public long Expected { get; set; }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void LogConnect(Uri uri) => Stage = "greeting";

    public void LogClient(byte[] buffer, int offset, int count)
    {
        // A00000017 UID FETCH …; what else we say continues a command.
        var words = Encoding.ASCII.GetString(buffer, offset, Math.Min(count, 40)).Split(' ', '\r');
        if (words.Length < 2 || words[0].Length != 9 || !words[0].Skip(1).All(char.IsAsciiDigit))
            return;
        Stage = words[1] == "UID" && words.Length > 2 ? words[2] : words[1];
        Refusal = null;
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        var heard = buffer.AsSpan(offset, count);
        while (heard.Length > 0)
        {
            if (literal > 0)
            {
                var skipped = (int)Math.Min(literal, heard.Length);
                literal -= skipped;
                heard = heard[skipped..];
                continue;
            }
            var end = heard.IndexOf((byte)'\n');
            var piece = end < 0 ? heard : heard[..end];
            line.AddRange(piece[..Math.Min(piece.Length, LongestLine - line.Count)]);
            heard = heard[(end < 0 ? heard.Length : end + 1)..];
            if (end >= 0)
                EndLine();
        }
    }

    public void Dispose()
    {
    }

    private void EndLine()
    {
        var text = Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
        line.Clear();
        if (!isContinued)
            Refusal = ImapRefusal.Of(text) ?? Refusal;
        literal = LiteralOf(text);
        isContinued = literal > 0;
        // MailKit would keep all of it in memory.
        if (literal > Math.Max(Expected, LongestPiece))
            throw new RelayException(RelayFailure.Protocol, $"{mailbox.Server.Peer} sends {literal} bytes, more than was asked for", Stage);
    }

    // What a line ends with when octets follow that are no line: {17}
    private static long LiteralOf(string text) =>
        text.EndsWith('}') && text.LastIndexOf('{') is >= 0 and var open
            && long.TryParse(text.AsSpan(open + 1, text.Length - open - 2), out var octets) ? octets : 0;
}

/// <param name="Text">The server's own words, with their code.</param>
internal sealed record ImapRefusal(bool IsBye, string Text)
{
    /// <summary>It may go well later (RFC 5530 §3).</summary>
    public bool IsTemporary => new[] { "[UNAVAILABLE]", "[INUSE]", "[LIMIT]" }.Any(code => Text.StartsWith(code, StringComparison.OrdinalIgnoreCase));

    /// <returns>Null: a line that refuses nothing.</returns>
    public static ImapRefusal? Of(string line) =>
        line.Split(' ', 3) is [_, var word, var text] && word is "NO" or "BAD" or "BYE" ? new(word == "BYE", text) : null;
}
