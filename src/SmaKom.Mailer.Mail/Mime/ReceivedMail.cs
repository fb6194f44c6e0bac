using MimeKit;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Mail of anybody, read by MimeKit within bounds: what is no mail, or more than a mail, is text.</summary>
public static class ReceivedMail
{
    /// <summary>For all parts together. 24 MB of headers of three characters took MimeKit 4.5 GB.</summary>
    public const int MaxHeaders = 10_000;

    /// <summary>24 MB of parts of one character took MimeKit 2.9 GB, and a minute and a half.</summary>
    public const int MaxParts = 1000;

    /// <summary>
    /// In octets, for one header and its folded lines. MimeKit's time grows with the square of it: 5 MB took 4 s, 4 MB
    /// of half encoded-words more than 12 s.
    /// </summary>
    public const int MaxHeaderLength = 64 * 1024;

    /// <summary>What lies deeper is an attachment.</summary>
    public const int MaxDepth = 20;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxDepth };

    // MimeKit takes what lies deeper for an attachment and says nothing: it is let in further, and the reader below counts.
    private static readonly ParserOptions Deeper = new() { MaxMimeDepth = 2 * MaxDepth };

    /// <summary>The bytes must not change while the mail is in use: its parts are read from them.</summary>
    public static MimeMessage Read(byte[] bytes)
    {
        try
        {
            return Read(bytes, Options, int.MaxValue, CancellationToken.None);
        }
        catch (FormatException)
        {
            return AsText(bytes);
        }
    }

    /// <summary>The same for whoever would rather not have what is no mail, or more than a mail; what lies too deep is too much, too.</summary>
    /// <exception cref="FormatException">It is none within the bounds.</exception>
    public static MimeMessage ReadStrictly(byte[] bytes, CancellationToken ct) => Read(bytes, Deeper, MaxDepth, ct);

    private static MimeMessage Read(byte[] bytes, ParserOptions options, int mostDepth, CancellationToken ct)
    {
        if (HasTooLongField(bytes)) throw new FormatException($"A header of more than {MaxHeaderLength} octets.");
        new BoundedReader(options, Open(bytes), mostDepth).ReadMessage(ct);
        return MimeMessage.Load(options, Open(bytes), persistent: true, ct);
    }

    /// <summary>Looks at the whole mail, since a part has headers too: a line and those after it that begin with a space.</summary>
    private static bool HasTooLongField(ReadOnlySpan<byte> bytes)
    {
        var (start, at) = (0, 0);
        while (at < bytes.Length)
        {
            if (bytes[at] is not ((byte)' ' or (byte)'\t'))
                start = at;
            var lineFeed = bytes[at..].IndexOf((byte)'\n');
            at = lineFeed < 0 ? bytes.Length : at + lineFeed + 1;
            if (at - start > MaxHeaderLength)
                return true;
        }
        return false;
    }

    private static MimeMessage AsText(byte[] bytes) =>
        new(Enumerable.Empty<Header>()) { Body = new TextPart("plain") { Content = new MimeContent(Open(bytes)) } };

    private static MemoryStream Open(byte[] bytes) => new(bytes, writable: false);

    /// <summary>Goes through a mail and keeps nothing of it.</summary>
    private sealed class BoundedReader(ParserOptions options, Stream stream, int mostDepth) : MimeReader(options, stream)
    {
        private int _headers;
        private int _parts;
        private int _depth;

        protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
        {
            if (++_headers > MaxHeaders)
                throw new FormatException($"More than {MaxHeaders} headers.");
        }

        protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
        {
            if (++_parts > MaxParts)
                throw new FormatException($"More than {MaxParts} parts.");
        }

        protected override void OnMultipartBegin(ContentType contentType, long beginOffset, int beginLineNumber,
            CancellationToken cancellationToken) => Deepen();

        protected override void OnMultipartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset,
            int lines, CancellationToken cancellationToken) => _depth--;

        protected override void OnMessagePartBegin(ContentType contentType, long beginOffset, int beginLineNumber,
            CancellationToken cancellationToken) => Deepen();

        protected override void OnMessagePartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset,
            long endOffset, int lines, CancellationToken cancellationToken) => _depth--;

        private void Deepen()
        {
            if (++_depth > mostDepth)
                throw new FormatException($"Parts in parts deeper than {mostDepth}.");
        }
    }
}
