using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Npgsql;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Database;

/// <summary>
/// ASP.NET Core's Data Protection keys, in the database that all processes share: a form shown by one is accepted by another, also after a
/// restart. Encrypted with the certificate of <see cref="KeysOptions"/>, where there is one.
/// </summary>
public sealed class KeyRing(NpgsqlDataSource source, KeyCertificates certificates) : IXmlRepository
{
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";

    public static void Add(IServiceCollection services, KeyCertificates certificates)
    {
        services.AddDataProtection().SetApplicationName("SmaKom.Mailer").UnprotectKeysWithAnyCertificate([.. certificates.All]);
        services.AddOptions<KeyManagementOptions>().Configure((KeyManagementOptions options, NpgsqlDataSource source, ILoggerFactory loggers) =>
        {
            options.XmlRepository = new KeyRing(source, certificates);
            if (certificates.Current is { } current) options.XmlEncryptor = new CertificateXmlEncryptor(current, loggers);
        });
    }

    // The interface is synchronous; it is called once at start and once in a key's life.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var select = source.CreateCommand("SELECT xml FROM data_protection_key ORDER BY id");
        using var rows = select.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read())
            keys.Add(XElement.Parse(rows.GetString(0)));
        // Data Protection would pass over a key that it cannot read, make another, and let everything fail that the first had encrypted.
        foreach (var certificate in keys.SelectMany(CertificatesOf)) _ = certificates.Find(certificate);
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var insert = source.CreateCommand("INSERT INTO data_protection_key (friendly_name, xml) VALUES (@name, @xml)");
        insert.Parameters.AddWithValue("name", friendlyName);
        insert.Parameters.AddWithValue("xml", element.ToString(SaveOptions.DisableFormatting));
        insert.ExecuteNonQuery();
    }

    /// <summary>Names of the certificates that parts of it are encrypted with.</summary>
    internal static IEnumerable<string> CertificatesOf(XElement key) =>
        key.Descendants(Signature + "X509Certificate")
            .Select(certificate => Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(certificate.Value))));
}
