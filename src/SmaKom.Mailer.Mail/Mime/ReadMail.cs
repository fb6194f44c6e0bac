namespace SmaKom.Mailer.Mail.Mime;

/// <summary>A received message, as far as it could be understood.</summary>
public sealed class ReadMail
{
    internal ReadMail(ReadPart root) => Root = root;

    /// <summary>The whole body; its headers are those of the message.</summary>
    public ReadPart Root { get; }

    public IReadOnlyList<ReadHeader> Headers => Root.Headers;

    /// <summary>Empty when missing.</summary>
    public string Subject => Header("Subject") ?? "";

    public ReadAddress? From => AddressReader.Read(Root.RawHeader("From")) is [var first, ..] ? first : null;

    public IReadOnlyList<ReadAddress> To => AddressReader.Read(Root.RawHeader("To"));

    public DateTimeOffset? Date => MailDate.Read(Root.RawHeader("Date"));

    /// <summary>Without &lt;&gt;; null when missing.</summary>
    public string? MessageId => Root.RawHeader("Message-ID")?.Trim().TrimStart('<').TrimEnd('>');

    /// <summary>The first text/html part that is no attachment.</summary>
    public string? Html => Body("text/html")?.Text;

    /// <summary>The first text/plain part that is no attachment.</summary>
    public string? Text => Body("text/plain")?.Text;

    /// <summary>Everything that is not shown as text: files, pictures, attached messages.</summary>
    public IReadOnlyList<ReadPart> Attachments => [.. Root.Leaves().Where(part => part.IsAttachment)];

    /// <summary>The first header of that name, decoded; null when missing.</summary>
    public string? Header(string name) => Root.Header(name);

    private ReadPart? Body(string type) => Root.Leaves().FirstOrDefault(part => part.ContentType == type && !part.IsAttachment);
}
