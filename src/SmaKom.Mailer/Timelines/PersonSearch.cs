using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Timelines;

/// <summary>What was found for what somebody typed.</summary>
/// <param name="Address">The one timeline to go to; null when there is none, or several.</param>
public sealed record FoundPeople(string Typed, string? Address, IReadOnlyList<Subscriber> People, (DateTimeOffset Since, string Reason)? Suppressed);

/// <summary>
/// From an address to a person's number. The address comes by POST and the answer is a page: it never stands in an address of ours, which
/// browsers and proxies keep.
/// </summary>
public sealed class PersonSearch(IDbContextFactory<MailerDb> contexts, NpgsqlDataSource source, LinkKeys keys)
{
    /// <summary>Shown at most.</summary>
    public const int Most = 25;

    /// <summary>POST /admin/mottagare</summary>
    internal static async Task<IResult> AnswerAsync(HttpContext context, PersonSearch search)
    {
        var typed = (await context.Request.ReadFormAsync(context.RequestAborted))["adress"].ToString().Trim();
        var found = await search.FindAsync(typed, context.RequestAborted);
        return found.Address is { } address ? Results.LocalRedirect(address) : PageResult.Of<FindPage>(200, (nameof(FindPage.Found), found));
    }

    public async Task<FoundPeople> FindAsync(string typed, CancellationToken ct)
    {
        if (typed == "") return new(typed, null, [], null);
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (EmailAddress.TryParse(typed, out var address, out _))
        {
            if (await db.Subscribers.Where(s => s.EmailKey == address.Key && s.Status != SubscriberStatus.Erased).Select(s => (long?)s.Id)
                .SingleOrDefaultAsync(ct) is { } id)
                return new(typed, $"/admin/mottagare/{id}", [], null);
            if (await SignUpAsync(address, ct) is { } signUp) return new(typed, $"/admin/mottagare/anmalan/{signUp}", [], null);
        }

        var people = await db.Subscribers.AsNoTracking().Matching(typed).OrderBy(s => s.EmailKey).Take(Most).ToListAsync(ct);
        return new(typed, people is [var only] ? $"/admin/mottagare/{only.Id}" : null, people,
            address is null ? null : await SuppressedAsync(address, ct));
    }

    private async Task<long?> SignUpAsync(EmailAddress address, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT max(id) FROM sign_up WHERE email_key = @key")
            .With(new NpgsqlParameter("key", address.Key));
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    private async Task<(DateTimeOffset, string)?> SuppressedAsync(EmailAddress address, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT since, reason FROM suppression WHERE address_hash = @hash ORDER BY reason = 'erased', since")
            .With(new NpgsqlParameter("hash", keys.HashAddress(address.Key)));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetFieldValue<DateTimeOffset>(0), row.GetString(1)) : null;
    }
}
