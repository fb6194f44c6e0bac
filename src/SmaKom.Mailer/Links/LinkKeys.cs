using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Links;

/// <summary>The installation's link keys, from the database: the newest signs, all verify.</summary>
public sealed class LinkKeys(NpgsqlDataSource source, TimeProvider time, KeyCertificates certificates)
{
    private IReadOnlyList<LinkKey> keys = [];

    internal LinkKey Current => keys.Count > 0 ? keys[^1] : throw new InvalidOperationException("Link keys are read at start.");
    internal LinkKey? Find(byte id) => keys.FirstOrDefault(key => key.Id == id);

    /// <summary>
    /// Keyed hash of an address, for lists that must outlive the address (suppression). Always by the first key: it must never change.
    /// </summary>
    public byte[] HashAddress(string emailKey) => HMACSHA256.HashData(keys[0].AddressKey, Encoding.UTF8.GetBytes(emailKey));

    /// <summary>Reads the keys, making the first one if there is none.</summary>
    /// <exception cref="ConfigurationException">One is encrypted with a certificate that is not at hand.</exception>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var (stored, certificate) = certificates.Encrypt(RandomNumberGenerator.GetBytes(32));
        await using (var ensure = new NpgsqlCommand(
            """
            SELECT pg_advisory_xact_lock(hashtext('first link key'));
            INSERT INTO link_key (secret, certificate, created_at)
            SELECT @secret, @certificate, @now
            WHERE NOT EXISTS (SELECT FROM link_key);
            """, connection)
        {
            Parameters =
            {
                new("secret", stored),
                new("certificate", NpgsqlDbType.Text) { Value = (object?)certificate ?? DBNull.Value },
                new("now", time.GetUtcNow()),
            },
        })
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await ensure.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }

        var read = new List<LinkKey>();
        await using var select = new NpgsqlCommand("SELECT id, secret, certificate FROM link_key ORDER BY id", connection);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var secret = certificates.Decrypt(rows.GetFieldValue<byte[]>(1), rows.IsDBNull(2) ? null : rows.GetString(2));
            read.Add(new LinkKey(checked((byte)rows.GetInt16(0)), secret));
        }

        keys = read;
    }
}
