using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.Lists;

public enum ListAnswer
{
    Done,
    NoSuchList,
    /// <summary>Something that was typed cannot be kept.</summary>
    Fault,
    /// <summary>An issue that is queued or under way goes to it.</summary>
    InUse,
}

/// <param name="Key">Empty: made of the name. Read only of a new list.</param>
/// <param name="Name">Empty for the newsletter: its name is that of the settings.</param>
public sealed record ListFields(string Key, string Name, string Description, bool IsOpen);

/// <param name="Faults">Field, and key in <see cref="Pages.ListWords"/> behind <c>Fault.</c></param>
public sealed record ListSaved(ListAnswer Answer, IReadOnlyList<(string Field, string Key)> Faults);

/// <summary>What staff do with lists. Each command is noted with who did it, in the same statement. None is ever deleted.</summary>
public sealed class ListCommands(NpgsqlDataSource source)
{
    public const int LongestName = 60, LongestDescription = 300, LongestKey = 40;

    public async Task<ListSaved> AddAsync(ListFields typed, Actor actor, CancellationToken ct)
    {
        var key = string.IsNullOrWhiteSpace(typed.Key) ? KeyOf(typed.Name) : typed.Key.Trim();
        var faults = Check(typed, isNewsletter: false);
        if (!IsKey(key)) faults.Add((nameof(typed.Key), "Key"));
        if (faults.Count > 0) return new(ListAnswer.Fault, faults);
        var added = await AuditLog.DoAsync(source,
            """
            INSERT INTO mailing_list (key, name, description, is_open, position)
            SELECT @key, @name, @description, @open, (SELECT max(position) + 1 FROM mailing_list)
            ON CONFLICT (key) DO NOTHING
            RETURNING mailing_list.key
            """, "key", actor, "list.add", [new("key", key), .. Parameters(typed)], ct);
        return added ? new(ListAnswer.Done, []) : new(ListAnswer.Fault, [(nameof(typed.Key), "KeyTaken")]);
    }

    public async Task<ListSaved> ChangeAsync(short id, ListFields typed, Actor actor, CancellationToken ct)
    {
        if (Check(typed, id == MailingList.Newsletter) is { Count: > 0 } faults) return new(ListAnswer.Fault, faults);
        var changed = await AuditLog.DoAsync(source,
            """
            UPDATE mailing_list
            SET name = @name, description = @description, is_open = @open
            WHERE id = @id
            RETURNING key
            """, "key", actor, "list.change", [new("id", id), .. Parameters(typed)], ct);
        return new(changed ? ListAnswer.Done : ListAnswer.NoSuchList, []);
    }

    /// <summary>One place up or down; both lists are noted. False: there is no such list, or it is there already.</summary>
    public Task<bool> MoveAsync(short id, bool up, Actor actor, CancellationToken ct) => AuditLog.DoAsync(source,
        $"""
        UPDATE mailing_list AS l
        SET position = moved.position
        FROM (SELECT m.id, CASE m.id WHEN this.id THEN other.position ELSE this.position END AS position, this.key
              FROM mailing_list AS this
              CROSS JOIN LATERAL (
                  SELECT id, position
                  FROM mailing_list
                  WHERE (position, id) {(up ? "<" : ">")} (this.position, this.id)
                  ORDER BY position {(up ? "DESC" : "")}, id {(up ? "DESC" : "")}
                  LIMIT 1) AS other
              JOIN mailing_list AS m ON m.id IN (this.id, other.id)
              WHERE this.id = @id) AS moved
        WHERE l.id = moved.id
        RETURNING l.key
        """, "key", actor, "list.move", [new("id", id)], ct);

    /// <summary>
    /// Nothing goes out by it any more, and nobody can be put on it; who is on it stays there, for when it is opened again. The newsletter is not
    /// closed, and none to which an issue is just going. Drafts that name it go to the others that they name.
    /// </summary>
    public async Task<ListAnswer> CloseAsync(short id, Actor actor, CancellationToken ct)
    {
        var closed = await AuditLog.DoAsync(source,
            """
            UPDATE mailing_list
            SET closed_at = now()
            WHERE id = @id AND id <> 1 AND closed_at IS NULL
                AND NOT EXISTS (SELECT FROM issue WHERE @id = ANY(lists) AND state IN ('queued', 'sending', 'paused'))
            RETURNING id, key
            """, "key", actor, "list.close", [new("id", id)], ct);
        if (closed) return ListAnswer.Done;
        await using var look = source.CreateCommand("SELECT closed_at IS NOT NULL FROM mailing_list WHERE id = @id")
            .With(new NpgsqlParameter("id", id));
        return await look.ExecuteScalarAsync(ct) switch
        {
            true => ListAnswer.Done,
            false => ListAnswer.InUse,
            _ => ListAnswer.NoSuchList,
        };
    }

    /// <summary>False: there is no such list, or it is open.</summary>
    public Task<bool> ReopenAsync(short id, Actor actor, CancellationToken ct) => AuditLog.DoAsync(
        source, "UPDATE mailing_list SET closed_at = NULL WHERE id = @id AND closed_at IS NOT NULL RETURNING key", "key", actor, "list.reopen",
        [new("id", id)], ct);

    /// <summary>"Möten &amp; kurser" → "moten-kurser".</summary>
    internal static string KeyOf(string name)
    {
        var plain = name.ToLowerInvariant().Normalize(System.Text.NormalizationForm.FormD).Where(c => !char.IsBetween(c, '\u0300', '\u036f'));
        var words = string.Concat(plain.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return UnicodeText.Truncate(string.Join('-', words), LongestKey).Trim('-');
    }

    private static bool IsKey(string key) => key.Length is > 0 and <= LongestKey
        && key.Split('-').All(word => word.Length > 0 && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));

    private static List<(string Field, string Key)> Check(ListFields typed, bool isNewsletter)
    {
        var faults = new List<(string, string)>();
        if (!isNewsletter && string.IsNullOrWhiteSpace(typed.Name)) faults.Add((nameof(typed.Name), "NoName"));
        if (typed.Name.Trim().Length > LongestName || !UnicodeText.IsLine(typed.Name.Trim())) faults.Add((nameof(typed.Name), "Name"));
        if (typed.Description.Trim().Length > LongestDescription || !UnicodeText.IsLine(typed.Description.Trim()))
            faults.Add((nameof(typed.Description), "Description"));
        return faults;
    }

    private static NpgsqlParameter[] Parameters(ListFields typed) =>
        [Optional("name", typed.Name), Optional("description", typed.Description), new("open", typed.IsOpen)];

    private static NpgsqlParameter Optional(string name, string value) =>
        new(name, NpgsqlDbType.Text) { Value = string.IsNullOrWhiteSpace(value) ? DBNull.Value : value.Trim() };
}
