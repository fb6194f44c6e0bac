using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A certificate authority of our own, for one test run; RSA, because the real mail servers take nothing else everywhere.</summary>
public sealed class FakeRelayCertificates : IDisposable
{
    private readonly RSA key = RSA.Create(2048);

    public FakeRelayCertificates(DateTimeOffset now)
    {
        Now = now;
        var request = new CertificateRequest("CN=Test CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Authority = request.CreateSelfSigned(now.AddYears(-2), now.AddYears(2));
    }

    public DateTimeOffset Now { get; }

    public X509Certificate2 Authority { get; }

    public X509Certificate2Collection Roots => [Authority];

    /// <summary>For <c>localhost</c> and 127.0.0.1.</summary>
    public X509Certificate2 Good() => Issue("localhost", Now.AddYears(1));

    public X509Certificate2 Expired() => Issue("localhost", Now.AddDays(-1));

    /// <summary>For another host.</summary>
    public X509Certificate2 WrongName() => Issue("other.example", Now.AddYears(1));

    public void Dispose()
    {
        Authority.Dispose();
        key.Dispose();
    }

    private X509Certificate2 Issue(string name, DateTimeOffset until)
    {
        using var own = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = request.Create(Authority, Now.AddYears(-1), until, RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(own);
        // A round through PKCS#12: SslStream wants a key that is not ephemeral on every platform.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
