using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A certificate with its key, as docs/operations.md makes one: for the keys in a database.</summary>
public static class CertificateFile
{
    public static string Write(int bits = 2048)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest("CN=smakom-keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var file = Path.Combine(Directory.CreateTempSubdirectory("smakom-keys-").FullName, "keys.pem");
        File.WriteAllText(file, $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
        return file;
    }
}
