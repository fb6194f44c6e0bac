namespace SmaKom.Mailer.Settings;

/// <summary>What the keys in the database, of links and logins, are encrypted with (section <c>Keys</c>). The same for all processes.</summary>
public sealed class KeysOptions
{
    /// <summary>PEM file with a certificate and its RSA private key of 2048 bits or more, as a systemd credential or a container's secret;
    /// a certificate's dates do not matter. Empty: the keys lie in plain text.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>The file of before, for as long as keys are encrypted with it: until the next start, or <c>smakom migrate</c>, has
    /// encrypted them anew.</summary>
    public string OldCertificateFile { get; set; } = "";
}
