using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Settings;

/// <summary>The certificates of <see cref="KeysOptions"/>, with their private keys: the current one encrypts, all decrypt.</summary>
public sealed class KeyCertificates
{
    private const int FewestBits = 2048;

    private KeyCertificates(X509Certificate2? current, IReadOnlyList<X509Certificate2> all) => (Current, All) = (current, all);

    public static KeyCertificates None { get; } = new(null, []);

    /// <summary>Null: keys are stored in plain text.</summary>
    public X509Certificate2? Current { get; }

    public IReadOnlyList<X509Certificate2> All { get; }

    /// <exception cref="ConfigurationException">A file cannot be read, or holds no certificate with its RSA key.</exception>
    public static KeyCertificates From(IConfiguration configuration)
    {
        var options = configuration.GetSection("Keys").Get<KeysOptions>() ?? new();
        var current = Read("CertificateFile", options.CertificateFile);
        var old = Read("OldCertificateFile", options.OldCertificateFile);
        return new(current, [.. new[] { current, old }.OfType<X509Certificate2>()]);
    }

    /// <summary>SHA-256 of a certificate, in hex: what says in the database which one a key is encrypted with.</summary>
    public static string NameOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>RSAES-OAEP with SHA-256 (RFC 8017 §7.1), and the certificate's name; without a certificate the secret as it is, and null.</summary>
    public (byte[] Stored, string? Certificate) Encrypt(byte[] secret)
    {
        if (Current is null) return (secret, null);
        using var key = Current.GetRSAPublicKey()!;
        return (key.Encrypt(secret, RSAEncryptionPadding.OaepSHA256), NameOf(Current));
    }

    /// <param name="certificate">As <see cref="Encrypt"/> gave it.</param>
    /// <exception cref="ConfigurationException">The certificate is not at hand.</exception>
    public byte[] Decrypt(byte[] stored, string? certificate)
    {
        if (certificate is null) return stored;
        using var key = Find(certificate).GetRSAPrivateKey()!;
        return key.Decrypt(stored, RSAEncryptionPadding.OaepSHA256);
    }

    /// <exception cref="ConfigurationException">It is not at hand: says in words what is lost without it.</exception>
    public X509Certificate2 Find(string certificate) =>
        All.FirstOrDefault(one => NameOf(one) == certificate) ?? throw new ConfigurationException(SettingWords.Say("Keys.Missing", certificate));

    private static X509Certificate2? Read(string setting, string file)
    {
        if (file == "") return null;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file);
            using var key = certificate.GetRSAPrivateKey();
            return key?.KeySize >= FewestBits ? certificate : throw new ConfigurationException(SettingWords.Say("Keys.NotRsa", setting, file));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(SettingWords.Say("Keys.File", setting, file, e.Message));
        }
    }
}
