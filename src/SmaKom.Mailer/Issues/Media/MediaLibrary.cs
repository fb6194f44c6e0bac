using System.Security.Cryptography;
using Npgsql;
using SmaKom.Mailer.Audit;

namespace SmaKom.Mailer.Issues.Media;

/// <summary>A stored picture to choose.</summary>
/// <param name="Alt">What was last said of it in an issue; null: it stands in none.</param>
public sealed record StoredPicture(string Id, int Width, int Height, string? Alt, DateTimeOffset CreatedAt);

/// <summary>The pictures that are stored, for those who write.</summary>
public sealed class MediaLibrary(NpgsqlDataSource source)
{
    private const int Most = 300;

    /// <summary>Hexadecimal digits of a picture's hash in its name: enough that no two pictures share one.</summary>
    private const int NameDigits = 40;

    /// <summary>Stores a picture; one that is there already is only found again.</summary>
    /// <param name="file">As somebody chose it.</param>
    public async Task<(StoredPicture? Picture, PictureFault? Fault)> AddAsync(ReadOnlyMemory<byte> file, Actor actor, CancellationToken ct)
    {
        var (picture, fault) = PictureFile.Read(file.Span);
        if (picture is null) return (null, fault);
        var id = $"{Convert.ToHexStringLower(SHA256.HashData(picture.Bytes)).AsSpan(0, NameDigits)}.{picture.Extension}";
        await AuditLog.DoAsync(source,
            """
            INSERT INTO media (id, content_type, width, height, bytes, created_at)
            VALUES (@id, @type, @width, @height, @bytes, now())
            ON CONFLICT (id) DO NOTHING
            RETURNING id
            """, "id", actor, "picture.add",
            [new("id", id), new("type", picture.ContentType), new("width", picture.Width), new("height", picture.Height), new("bytes", picture.Bytes)], ct);
        return (new(id, picture.Width, picture.Height, null, DateTimeOffset.MinValue), null);
    }

    /// <summary>Newest first, 300 at most.</summary>
    public async Task<IReadOnlyList<StoredPicture>> ListAsync(CancellationToken ct)
    {
        var pictures = new List<StoredPicture>();
        await using var select = source.CreateCommand(
            $"""
            SELECT m.id, m.width, m.height, used.alt, m.created_at
            FROM media AS m
            LEFT JOIN (
                SELECT DISTINCT ON (picture ->> 'mediaId') picture ->> 'mediaId' AS id, picture ->> 'alt' AS alt
                FROM issue AS i
                CROSS JOIN LATERAL jsonb_path_query(i.content, 'strict $.**') AS picture
                WHERE jsonb_typeof(picture) = 'object' AND picture ? 'mediaId' AND NULLIF(picture ->> 'alt', '') IS NOT NULL
                ORDER BY picture ->> 'mediaId', i.id DESC) AS used ON used.id = m.id
            ORDER BY m.created_at DESC, m.id
            LIMIT {Most}
            """);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            pictures.Add(new(rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2), rows.IsDBNull(3) ? null : rows.GetString(3),
                rows.GetFieldValue<DateTimeOffset>(4)));
        return pictures;
    }
}
