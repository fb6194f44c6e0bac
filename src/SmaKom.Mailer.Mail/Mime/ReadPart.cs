namespace SmaKom.Mailer.Mail.Mime;

/// <summary>A node of the MIME tree (RFC 2045, 2046).</summary>
public sealed class ReadPart
{
    private readonly ReadOnlyMemory<byte> _encoded;
    private readonly HeaderParameters _type;
    private readonly HeaderParameters _disposition;

    internal ReadPart(IReadOnlyList<ReadHeader> headers, ReadOnlyMemory<byte> encoded, string defaultType)
    {
        Headers = headers;
        _encoded = encoded;
        _type = HeaderParameters.Read(RawHeader("Content-Type"));
        _disposition = HeaderParameters.Read(RawHeader("Content-Disposition"));
        ContentType = _type.Value.Contains('/', StringComparison.Ordinal) ? _type.Value : defaultType;
    }

    public IReadOnlyList<ReadHeader> Headers { get; }

    /// <summary>In lower case, e.g. <c>text/html</c>.</summary>
    public string ContentType { get; }

    /// <summary>Parameters of the content type, names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _type.Parameters;

    /// <summary>In lower case, e.g. <c>attachment</c>; null when not given.</summary>
    public string? Disposition => _disposition.Value is { Length: > 0 } value ? value : null;

    /// <summary>As the sender gave it: never use it as a path.</summary>
    public string? FileName => _disposition.Parameters.GetValueOrDefault("filename") ?? Parameters.GetValueOrDefault("name");

    /// <summary>The parts of a multipart; else empty.</summary>
    public IReadOnlyList<ReadPart> Parts { get; internal set; } = [];

    /// <summary>The message inside a message/rfc822 or text/rfc822-headers part; else null.</summary>
    public ReadMail? Message { get; internal set; }

    public bool IsAttachment => Parts.Count == 0
        && (Disposition == "attachment" || FileName is not null || !(IsText || ContentType == "message/delivery-status"));

    /// <summary>The content with the transfer encoding undone. Of a multipart: its encoded bytes.</summary>
    public ReadOnlyMemory<byte> Content => Parts.Count > 0 ? _encoded : TransferDecoder.Decode(RawHeader("Content-Transfer-Encoding"), _encoded);

    /// <summary>The content as text by its charset, with a fallback for a wrong or unknown one; null for what is no text.</summary>
    public string? Text => IsText || ContentType.StartsWith("message/", StringComparison.Ordinal)
        ? Charsets.Decode(Parameters.GetValueOrDefault("charset"), Content.Span)
        : null;

    private bool IsText => ContentType.StartsWith("text/", StringComparison.Ordinal);

    /// <summary>The first header of that name, decoded; null when missing.</summary>
    public string? Header(string name) => Find(name)?.Value;

    /// <summary>This part, or all parts below it that have none themselves, in their order.</summary>
    public IEnumerable<ReadPart> Leaves() => Parts.Count == 0 ? [this] : Parts.SelectMany(part => part.Leaves());

    internal string? RawHeader(string name) => Find(name)?.Raw;

    private ReadHeader? Find(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
