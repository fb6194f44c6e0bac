namespace SmaKom.Mailer.Mail.Mime;

/// <summary>An address as it was found in a header; unlike <see cref="Mailbox"/> nothing about it is checked.</summary>
public readonly record struct ReadAddress(string? Name, string Address)
{
    public override string ToString() => Name is null ? Address : $"{Name} <{Address}>";
}
