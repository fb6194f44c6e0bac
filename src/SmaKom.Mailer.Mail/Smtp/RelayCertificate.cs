using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Checks that a relay's certificate is for the host that was asked for and leads to a trusted root.</summary>
internal sealed class RelayCertificate(RelayEndpoint relay, TimeProvider time)
{
    private string? shown;

    /// <summary>In plain words, once the check has failed.</summary>
    public string? Complaint { get; private set; }

    /// <summary>What was agreed on, in plain words, once the handshake is over.</summary>
    public string Facts(SslProtocols protocol, TlsCipherSuite? suite) => $"{protocol}, {suite}, {Shown}";

    /// <summary>Whose certificate it is, in plain words.</summary>
    public string Shown => $"certificate {shown}";

    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = relay.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsGood(certificate, chain, errors),
        };
        // Revocation lists would be fetched over the network in the middle of a handshake; submission servers staple.
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = time.GetUtcNow().LocalDateTime,
        };
        if (relay.TrustedRoots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }
        options.CertificateChainPolicy = policy;
        return options;
    }

    private bool IsGood(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is X509Certificate2 known)
            shown = string.Create(CultureInfo.InvariantCulture,
                $"{known.Subject}, issued by {known.Issuer}, valid until {known.NotAfter:yyyy-MM-dd}");
        if (errors == SslPolicyErrors.None)
            return true;
        Complaint = certificate is not X509Certificate2 bad ? "it shows no certificate" : string.Join("; ", Complaints(bad, chain, errors));
        return false;
    }

    private IEnumerable<string> Complaints(X509Certificate2 bad, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            yield return $"its certificate is for {bad.GetNameInfo(X509NameType.DnsName, false)}, not {relay.Host}";
        foreach (var status in chain?.ChainStatus ?? [])
            yield return status.Status switch
            {
                X509ChainStatusFlags.NotTimeValid => string.Create(
                    CultureInfo.InvariantCulture, $"its certificate is valid from {bad.NotBefore:yyyy-MM-dd} to {bad.NotAfter:yyyy-MM-dd}"),
                X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain =>
                    "its certificate comes from an authority that is not trusted here",
                _ => "its certificate is not good: " + status.StatusInformation.Trim(),
            };
    }
}
