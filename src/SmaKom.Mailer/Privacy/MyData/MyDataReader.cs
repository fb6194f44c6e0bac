using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Timelines;

namespace SmaKom.Mailer.Privacy.MyData;

/// <summary>All that is held about one person: the facts of the administrators' timeline, and what the sign-up form was sent with.</summary>
public sealed class MyDataReader(
    NpgsqlDataSource source, PersonHistoryReader histories, IOptions<SenderOptions> sender,
    IOptions<SiteOptions> site, DatabaseClock time)
{
    /// <summary>Null: nobody is behind the number (any more). Rows that were joined to the person's are read along.</summary>
    public async Task<PersonHistory?> HistoryAsync(long subscriberId, CancellationToken ct)
    {
        if (await histories.OfSubscriberAsync(subscriberId, ct) is not { } history) return null;
        foreach (var joined in await IdsAsync("SELECT id FROM subscriber WHERE same_as = @key", subscriberId, ct))
        {
            if (await histories.OfSubscriberAsync(joined, ct) is not { } other) continue;
            history = history with
            {
                Events = [.. history.Events.Concat(other.Events).OrderBy(entry => entry.At)],
                Letters = [.. history.Letters.Concat(other.Letters).OrderBy(letter => letter.PlannedAt)],
            };
        }

        // Who decided about a letter is staff's own data.
        return history with { Letters = [.. history.Letters.Select(letter => letter with { Decisions = [] })] };
    }

    /// <summary>For staff, who have an address. Null: nothing is held about it.</summary>
    public async Task<MyDataFile?> FindAsync(EmailAddress address, CancellationToken ct)
    {
        const string person = "SELECT COALESCE(same_as, id) FROM subscriber WHERE email_key = @key AND status <> 'erased'";
        const string signUp = "SELECT max(id) FROM sign_up WHERE email_key = @key HAVING count(*) > 0";
        if (await IdsAsync(person, address.Key, ct) is [var id])
            return await HistoryAsync(id, ct) is { } history ? await FileAsync(history, ct) : null;
        return await IdsAsync(signUp, address.Key, ct) is [var last] && await histories.OfSignUpAsync(last, ct) is { } unconfirmed
            ? await FileAsync(unconfirmed, ct) : null;
    }

    public async Task<MyDataFile> FileAsync(PersonHistory history, CancellationToken ct) => new(
        site.Value.PublicUrl + MyDataSchema.Path,
        time.GetUtcNow(),
        new(sender.Value.Organisation, sender.Value.PostalAddress.ReplaceLineEndings(", "), sender.Value.ContactEmail),
        history.Who is { } who
            ? new(who.Email, who.Name, who.Municipality, who.Language, Word(who.Format), Word(who.Status), Word(who.LegalBasis), who.CreatedAt,
                who.ConfirmedAt, who.LeftAt, who.PausedUntil, await ListsAsync(history, ct), await AddressChangesAsync(who.Id, ct))
            : null,
        Consents(history),
        [.. history.Events.Select(entry => new EventData(entry.At, entry.Kind, entry.Detail.RootElement))],
        [.. history.Letters.Select(letter => new LetterData(
            $"{letter.Year:0000}-{letter.Month:00}", letter.Email, letter.PlannedAt, Word(letter.State), letter.Reason, letter.Attempts,
            letter.FinishedAt, letter.Reply.Said,
            [.. letter.FailedAttempts.Select(attempt => new AttemptData(attempt.At, Word(attempt.Outcome), attempt.Reply.Said))],
            [.. letter.Returns.Select(back => new ReturnData(back.At, back.Class, back.Reply.Said))]))],
        [.. history.Notices.Select(notice => new MailData(notice.At, notice.Kind, notice.State))],
        await SignUpsAsync(history.Who?.EmailKey ?? EmailAddress.Parse(history.Email).Key, ct));

    /// <summary>Each signing up with the confirmation that followed it.</summary>
    public static IReadOnlyList<ConsentData> Consents(PersonHistory history) =>
    [
        .. history.Events.Where(entry => entry.Kind is SubscriberEventKind.SignedUp or SubscriberEventKind.JoinedList).Select(entry => new ConsentData(
            entry.At, entry.Kind == SubscriberEventKind.JoinedList ? entry.At
                : history.Events.FirstOrDefault(next => next.Kind == SubscriberEventKind.Confirmed && next.At >= entry.At)?.At,
            entry.Text("version"), entry.Text("text"), entry.Text("language"), entry.Text("form"))),
    ];

    private static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    private Task<IReadOnlyList<SignUpData>> SignUpsAsync(string key, CancellationToken ct) => ListAsync(
        """
        SELECT requested_at, name, municipality, verdict, confirmed_at
        FROM sign_up
        WHERE email_key = @key
        ORDER BY requested_at
        """, key, row => new SignUpData(row.GetFieldValue<DateTimeOffset>(0), Text(row, 1), Text(row, 2), Text(row, 3), At(row, 4)), ct);

    /// <summary>Those that the person is or was on.</summary>
    public Task<IReadOnlyList<ListData>> ListsAsync(PersonHistory history, CancellationToken ct) => ListAsync(
        """
        SELECT list_id, legal_basis, since, ended_at
        FROM subscription
        WHERE subscriber_id = @key
        ORDER BY list_id
        """, history.Who!.Id, row => new ListData(
            history.Lists[row.GetInt16(0)], Word(row.GetFieldValue<LegalBasis>(1)), row.GetFieldValue<DateTimeOffset>(2), At(row, 3)), ct);

    private Task<IReadOnlyList<AddressChangeData>> AddressChangesAsync(long subscriber, CancellationToken ct) => ListAsync(
        """
        SELECT requested_at, email, confirmed_at, stopped_at
        FROM address_change
        WHERE subscriber_id = @key
        ORDER BY requested_at
        """, subscriber, row => new AddressChangeData(
            row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), At(row, 2), At(row, 3)), ct);

    private Task<IReadOnlyList<long>> IdsAsync(string sql, object key, CancellationToken ct) => ListAsync(sql, key, row => row.GetInt64(0), ct);

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object key, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var select = source.CreateCommand(sql).With(new NpgsqlParameter("key", key));
        var list = new List<T>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) list.Add(read(rows));
        return list;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
