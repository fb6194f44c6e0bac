namespace SmaKom.Mailer.Mail.Mime;

/// <summary>The list that a letter belongs to: the value of List-Id (RFC 2919 §2).</summary>
/// <param name="Name">Shown beside the identifier, any text; null or blank for none.</param>
/// <param name="Id">Labels of ASCII with dots between, two at least, at most 255 octets.</param>
/// <exception cref="MimeException">The name or the identifier cannot be written in a header.</exception>
public readonly record struct ListIdentity(string? Name, string Id)
{
    private const int MaxOctets = 255;

    public string? Name { get; } = string.IsNullOrWhiteSpace(Name) ? null : HeaderText.Guard("List-Id", Name.Trim());

    public string Id { get; } = IsId(Id) ? Id : throw new MimeException("List-Id", "has an identifier that is no name with dots (RFC 2919 §2)");

    public static bool IsId(string id) => id.Length <= MaxOctets && id.Split('.') is { Length: > 1 } labels && labels.All(IsLabel);

    private static bool IsLabel(string label) => label.Length > 0 && label.All(c => char.IsAscii(c) && AddressRule.IsAtomText(c));
}
