namespace SmaKom.Mailer.Domains.Checks;

/// <summary>How this installation sends, as far as DNS must agree with it. Domains in A-labels, lower case.</summary>
/// <param name="From">Domain of the sender's address.</param>
/// <param name="ReturnPath">Domain in which bounces are received; the one that SPF speaks of.</param>
/// <param name="Reports">Mailbox to suggest for DMARC's reports.</param>
/// <param name="Signing">Null: letters are not signed here.</param>
/// <param name="RelayHosts">Names or addresses of the relays in use.</param>
public sealed record SendingSetup(
    string From, string ReturnPath, string Reports, SigningKey? Signing, IReadOnlyList<string> RelayHosts, bool IsHttps);

/// <param name="Domain">d= of signatures.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo (RFC 5280 §4.1) of the private key that signs.</param>
public sealed record SigningKey(string Domain, string Selector, byte[] PublicKey)
{
    public string RecordName => $"{Selector}._domainkey.{Domain}";
}
