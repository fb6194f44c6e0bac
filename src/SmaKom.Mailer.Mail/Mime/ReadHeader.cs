namespace SmaKom.Mailer.Mail.Mime;

/// <summary>A header as it was found.</summary>
/// <param name="Raw">Unfolded, not decoded; octets outside ASCII read as UTF-8, else as Windows-1252.</param>
public sealed record ReadHeader(string Name, string Raw)
{
    /// <summary>With encoded-words decoded (RFC 2047), as a person sees it.</summary>
    public string Value => EncodedWordReader.Decode(Raw).Trim();
}
