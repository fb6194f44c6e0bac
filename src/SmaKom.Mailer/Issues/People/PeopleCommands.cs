using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.People;

public enum PersonAnswer
{
    Done,
    NoSuchPerson,
    /// <summary>Somebody else has changed the person since the form was opened.</summary>
    Changed,
    /// <summary>Something that was typed cannot be kept.</summary>
    Fault,
}

/// <param name="Faults">Their keys are <c>Name</c>, <c>Address</c>, <c>Alt</c> and <c>Exists</c>.</param>
public sealed record PersonSaved(PersonAnswer Answer, IReadOnlyList<FieldFault> Faults);

/// <summary>The people who are kept. Each command is noted with who did it, in the same transaction.</summary>
public sealed class PeopleCommands(NpgsqlDataSource source, MediaLibrary library)
{
    private const string Select =
        """
        SELECT p.id, p.name, p.role, p.email, p.phone, p.portrait, p.portrait_alt, p.portrait_decorative, m.width, m.height,
            p.xmin::text
        FROM person AS p
        LEFT JOIN media AS m ON m.id = p.portrait
        WHERE p.removed_at IS NULL
        """;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand(Select);
        var byName = StringComparer.Create(CultureInfo.CurrentCulture, ignoreCase: true);
        return [.. (await ReadAsync(select, ct)).OrderBy(person => person.Card.Name, byName)];
    }

    /// <summary>Null: not kept (any more).</summary>
    public async Task<Person?> FindAsync(int id, CancellationToken ct)
    {
        await using var select = source.CreateCommand($"{Select} AND p.id = @id").With(new NpgsqlParameter("id", id));
        return (await ReadAsync(select, ct)).SingleOrDefault();
    }

    public async Task<PersonSaved> AddAsync(IReadOnlyDictionary<string, string> fields, Actor actor, CancellationToken ct) =>
        await AddAsync(await TypedAsync(fields, "", ct), actor, ct);

    /// <summary>Keeps who is typed into a signature or the contact, unless somebody of that name is kept already.</summary>
    /// <param name="prefix">As of <see cref="Person.FieldsFor"/>.</param>
    public async Task<PersonSaved> KeepAsync(IReadOnlyDictionary<string, string> fields, string prefix, Actor actor, CancellationToken ct)
    {
        var typed = await TypedAsync(fields, prefix, ct);
        return (await ListAsync(ct)).Any(person => string.Equals(person.Card.Name, typed.Card.Name, StringComparison.CurrentCultureIgnoreCase))
            ? new(PersonAnswer.Fault, [new("name", "Exists")])
            : await AddAsync(typed, actor, ct);
    }

    /// <param name="version">What was changed, as of <see cref="Person.Version"/>.</param>
    public async Task<PersonSaved> ChangeAsync(int id, string version, IReadOnlyDictionary<string, string> fields, Actor actor, CancellationToken ct)
    {
        var typed = await TypedAsync(fields, "", ct);
        if (typed.Faults() is { Count: > 0 } faults) return new(PersonAnswer.Fault, faults);
        var changed = await AuditLog.DoAsync(source,
            """
            UPDATE person
            SET name = @name, role = @role, email = @email, phone = @phone, portrait = @portrait, portrait_alt = @alt,
                portrait_decorative = @decorative
            WHERE id = @id AND removed_at IS NULL AND xmin::text = @version
            RETURNING name
            """, "name", actor, "person.change", [new("id", id), new("version", version), .. Parameters(typed.Card)], ct);
        return new(changed ? PersonAnswer.Done : await FindAsync(id, ct) is null ? PersonAnswer.NoSuchPerson : PersonAnswer.Changed, []);
    }

    /// <summary>
    /// Issues keep what was copied into them, and <see cref="BringBackAsync"/> brings the person back for <see cref="IssueDrafts.KeptDays"/>.
    /// False: there is no such person.
    /// </summary>
    public Task<bool> RemoveAsync(int id, Actor actor, CancellationToken ct) => AuditLog.DoAsync(
        source, "UPDATE person SET removed_at = now() WHERE id = @id AND removed_at IS NULL RETURNING name", "name", actor,
        "person.remove", [new("id", id)], ct);

    /// <summary>False: nobody of that id was removed.</summary>
    public Task<bool> BringBackAsync(int id, Actor actor, CancellationToken ct) => AuditLog.DoAsync(
        source, "UPDATE person SET removed_at = NULL WHERE id = @id AND removed_at IS NOT NULL RETURNING name", "name", actor,
        "person.bring-back", [new("id", id)], ct);

    private async Task<PersonSaved> AddAsync(Person typed, Actor actor, CancellationToken ct)
    {
        if (typed.Faults() is { Count: > 0 } faults) return new(PersonAnswer.Fault, faults);
        await AuditLog.DoAsync(source,
            """
            INSERT INTO person (name, role, email, phone, portrait, portrait_alt, portrait_decorative)
            VALUES (@name, @role, @email, @phone, @portrait, @alt, @decorative)
            RETURNING name
            """, "name", actor, "person.add", Parameters(typed.Card), ct);
        return new(PersonAnswer.Done, []);
    }

    private async Task<Person> TypedAsync(IReadOnlyDictionary<string, string> fields, string prefix, CancellationToken ct)
    {
        var sizes = await library.SizesAsync(PartFields.MediaIn(fields), ct);
        return Person.Typed(fields, prefix, id => sizes.TryGetValue(id, out var size) ? size : null);
    }

    private static NpgsqlParameter[] Parameters(ContactBlock card) =>
    [
        new("name", card.Name), Optional("role", card.Role), Optional("email", card.Email), Optional("phone", card.Phone),
        Optional("portrait", card.Portrait?.MediaId), new("alt", card.Portrait?.Alt ?? ""), new("decorative", card.Portrait is { Decorative: true }),
    ];

    private static NpgsqlParameter Optional(string name, string? value) =>
        new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static async Task<List<Person>> ReadAsync(NpgsqlCommand select, CancellationToken ct)
    {
        var people = new List<Person>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            people.Add(new(rows.GetInt32(0), new()
            {
                Name = rows.GetString(1),
                Role = Text(rows, 2),
                Email = Text(rows, 3),
                Phone = Text(rows, 4),
                Portrait = Text(rows, 5) is not { } media ? null : new()
                {
                    MediaId = media,
                    Alt = rows.GetString(6),
                    Decorative = rows.GetBoolean(7),
                    Width = rows.GetInt32(8),
                    Height = rows.GetInt32(9),
                },
            })
            {
                Version = rows.GetString(10),
            });
        return people;
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
