namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// A name and an address (RFC 5322 §3.4). Made valid or not at all: the name is trimmed and free of controls, the domain is in
/// A-labels (räksmörgås.example becomes xn--rksmrgs-5wao1o.example).
/// </summary>
/// <param name="Name">Shown beside the address; null or blank for none.</param>
/// <param name="Address">At most 254 octets, its local part at most 64 (RFC 5321 §4.5.3.1, erratum 1690).</param>
/// <exception cref="MimeException">The name or the address cannot be written in a header.</exception>
public readonly record struct Mailbox(string? Name, string Address)
{
    public string? Name { get; } = string.IsNullOrWhiteSpace(Name) ? null : HeaderText.Guard("name", Name.Trim());

    public string Address { get; } = AddressRule.Write(Address ?? "", out var problem) ?? throw new MimeException("address", problem);

    /// <summary>The local part has letters outside ASCII: only a server that offers SMTPUTF8 can carry it (RFC 6531).</summary>
    public bool NeedsSmtpUtf8 => !HeaderText.IsPrintableAscii(Address);

    public override string ToString() => Name is null ? Address : $"{Name} <{Address}>";
}
