using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Database;

/// <summary>
/// Keys that lie in the database in plain text, or encrypted with a certificate of before: encrypts them with the current one. They stay the
/// same keys, so no link and no login ends. Done with the migrations, by whoever may change keys: the running service may only add some.
/// </summary>
public sealed partial class KeyEncryption(KeyCertificates certificates, IServiceProvider services, ILoggerFactory loggers)
{
    private static readonly XNamespace DataProtection = "http://schemas.asp.net/2015/03/dataProtection";

    private readonly ILogger logger = loggers.CreateLogger<KeyEncryption>();

    /// <exception cref="ConfigurationException">A key is encrypted with a certificate that is not at hand; nothing was changed.</exception>
    public async Task EncryptAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        if (certificates.Current is null) return;
        await using var connection = await owner.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var count = await EncryptLinkKeysAsync(connection, ct) + await EncryptKeyRingAsync(connection, ct);
        await transaction.CommitAsync(ct);
        if (count > 0) Log.Encrypted(logger, count, KeyCertificates.NameOf(certificates.Current));
    }

    private async Task<int> EncryptLinkKeysAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var keys = new List<(short Id, byte[] Secret)>();
        await using (var select = new NpgsqlCommand(
            """
            SELECT id, secret, certificate
            FROM link_key
            WHERE certificate IS DISTINCT FROM @current
            FOR UPDATE
            """, connection).With(new NpgsqlParameter("current", KeyCertificates.NameOf(certificates.Current!))))
        {
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                keys.Add((rows.GetInt16(0), certificates.Decrypt(rows.GetFieldValue<byte[]>(1), rows.IsDBNull(2) ? null : rows.GetString(2))));
        }

        foreach (var (id, secret) in keys)
        {
            var (stored, certificate) = certificates.Encrypt(secret);
            await using var update = new NpgsqlCommand("UPDATE link_key SET secret = @stored, certificate = @certificate WHERE id = @id", connection)
                .With(new("stored", stored), new("certificate", NpgsqlDbType.Text) { Value = certificate }, new("id", id));
            await update.ExecuteNonQueryAsync(ct);
        }

        return keys.Count;
    }

    private async Task<int> EncryptKeyRingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var keys = new List<(int Id, XElement Key)>();
        await using (var select = new NpgsqlCommand("SELECT id, xml FROM data_protection_key FOR UPDATE", connection))
        {
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                var key = XElement.Parse(rows.GetString(1));
                if (EncryptAnew(key)) keys.Add((rows.GetInt32(0), key));
            }
        }

        foreach (var (id, key) in keys)
        {
            await using var update = new NpgsqlCommand("UPDATE data_protection_key SET xml = @xml WHERE id = @id", connection)
                .With(new("xml", key.ToString(SaveOptions.DisableFormatting)), new("id", id));
            await update.ExecuteNonQueryAsync(ct);
        }

        return keys.Count;
    }

    /// <summary>Puts the secret parts of a key into the form in which Data Protection itself stores them. False: they have it already.</summary>
    private bool EncryptAnew(XElement key)
    {
        var current = KeyCertificates.NameOf(certificates.Current!);
        var plain = key.Descendants().Where(element => (bool?)element.Attribute(DataProtection + "requiresEncryption") ?? false).ToList();
        var outdated = key.Descendants(DataProtection + "encryptedSecret")
            .Where(secret => KeyRing.CertificatesOf(secret).Any(certificate => certificate != current)).ToList();
        foreach (var element in plain) element.ReplaceWith(Encrypt(element));
        foreach (var secret in outdated) secret.ReplaceWith(Encrypt(Decrypt(secret)));
        return plain.Count + outdated.Count > 0;
    }

    private XElement Encrypt(XElement element)
    {
        var info = new CertificateXmlEncryptor(certificates.Current!, loggers).Encrypt(element);
        var decryptor = new XAttribute("decryptorType", info.DecryptorType.AssemblyQualifiedName!);
        return new(DataProtection + "encryptedSecret", decryptor, info.EncryptedElement);
    }

    private XElement Decrypt(XElement secret)
    {
        foreach (var certificate in KeyRing.CertificatesOf(secret)) _ = certificates.Find(certificate);
        return new EncryptedXmlDecryptor(services).Decrypt(secret.Elements().Single());
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} keys of links and logins are now encrypted with the certificate {Certificate}")]
        public static partial void Encrypted(ILogger logger, int count, string certificate);
    }
}
