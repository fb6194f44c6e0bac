using System.Security.Cryptography;

namespace SmaKom.Mailer.Tests.Mail.Dkim;

/// <summary>A key made for this run, and the record that would publish it.</summary>
internal static class SampleKey
{
    public static readonly string Pem;
    public static readonly string Record;

    static SampleKey()
    {
        using var rsa = RSA.Create(2048);
        Pem = rsa.ExportPkcs8PrivateKeyPem();
        Record = "v=DKIM1; k=rsa; p=" + Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());
    }

    public static RSA Open()
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(Pem);
        return rsa;
    }
}
