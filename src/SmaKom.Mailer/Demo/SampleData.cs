using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Demo;

/// <summary>Fills an empty database with what one needs to try the program out. Never touches one that holds anything.</summary>
public sealed class SampleData(MailerDb db, NpgsqlDataSource source, StaffRegister staff, TimeProvider time)
{
    public const string LoginEmail = "red@example.org";

    /// <summary>No secret: it lets in only where a sample run has said so (<see cref="AccountsOptions.AllowSampleLogin"/>).</summary>
    public const string LoginPassword = "tolv-granar-i-rad";

    private const string Source = "exempeldata";

    /// <summary>
    /// The database is somebody's own: it has members of staff, or subscribers or issues that no sample run put there. A sample run makes
    /// no login there, and had better not start at all. False also of one without tables.
    /// </summary>
    public static async Task<bool> IsInEarnestUseAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using (var tables = source.CreateCommand("SELECT to_regclass('public.staff_member') IS NOT NULL"))
            if (await tables.ExecuteScalarAsync(ct) is false) return false;
        await using var command = source.CreateCommand(
            """
            SELECT EXISTS (SELECT FROM staff_member WHERE NOT sample)
                OR (EXISTS (SELECT FROM subscriber) OR EXISTS (SELECT FROM issue))
                    AND NOT EXISTS (SELECT FROM subscriber_event WHERE detail->>'source' = @source)
            """).With(new NpgsqlParameter("source", Source));
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>False if the database was not empty; only the sample login is then made sure of.</summary>
    /// <exception cref="InvalidOperationException">The database is in earnest use.</exception>
    public async Task<bool> LoadAsync(CancellationToken ct)
    {
        if (await IsInEarnestUseAsync(source, ct))
            throw new InvalidOperationException("No sample login is made in a database that is in earnest use.");
        await staff.EnsureSampleAsync(LoginEmail, LoginPassword);
        if (await db.Issues.AnyAsync(ct) || await db.Subscribers.AnyAsync(ct)) return false;

        // All or nothing: an interrupted first run is a first run the next time.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await AddPeopleAsync(ct);
        await AddIssuesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task AddPeopleAsync(CancellationToken ct)
    {
        var people = SamplePeople.All(time.GetUtcNow().AddDays(-90)).ToList();
        db.Subscribers.AddRange(people);
        await db.SaveChangesAsync(ct);
        db.ListSubscriptions.AddRange(people.Select(person => new ListSubscription
        {
            SubscriberId = person.Id,
            ListId = MailingList.Newsletter,
            LegalBasis = person.LegalBasis,
            Since = person.ConfirmedAt ?? person.CreatedAt,
            EndedAt = person.LeftAt,
        }));
        db.SubscriberEvents.AddRange(people.Select(person => new SubscriberEvent
        {
            SubscriberId = person.Id,
            At = person.CreatedAt,
            Kind = person.LegalBasis == LegalBasis.Consent ? SubscriberEventKind.SignedUp : SubscriberEventKind.Imported,
            Detail = JsonSerializer.SerializeToDocument(new { source = Source }),
        }));
        await db.SaveChangesAsync(ct);
    }

    private async Task AddIssuesAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var samples = SampleIssues.Read(now).ToList();
        db.Media.AddRange(samples.SelectMany(sample => sample.Pictures).DistinctBy(picture => picture.Id));
        db.Issues.AddRange(samples.Select(sample => new Issue
        {
            Slug = sample.Slug,
            Year = sample.Content.Year,
            Month = sample.Content.Month,
            Subject = sample.Content.Subject,
            Content = IssueContentJson.Serialize(sample.Content),
            CreatedAt = now,
            UpdatedAt = now,
        }));
        await db.SaveChangesAsync(ct);
        await ArchiveOldestAsync(samples[0], ct);
        // As somebody who has pressed "Spara som person" under each signature.
        foreach (var card in samples.SelectMany(sample => CardsOf(sample.Content)).DistinctBy(card => card.Name)) await KeepAsync(card, ct);
    }

    private static IEnumerable<ContactBlock> CardsOf(IssueContent content) =>
        new[] { content.Contact }.OfType<ContactBlock>().Concat(content.Articles().Select(article => article.Signature).OfType<Signature>()
            .Select(signature => new ContactBlock { Name = signature.Name, Role = signature.Role, Portrait = signature.Portrait }));

    private Task KeepAsync(ContactBlock card, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO person (name, role, email, phone, portrait, portrait_alt, portrait_decorative)
        VALUES ({card.Name}, {card.Role}, {card.Email}, {card.Phone}, {card.Portrait?.MediaId}, {card.Portrait?.Alt ?? ""}, {card.Portrait is { Decorative: true }})
        """, ct);

    /// <summary>The oldest stands in the archive, as an issue from before this program does: nobody got it from here.</summary>
    private Task ArchiveOldestAsync(SampleIssue oldest, CancellationToken ct)
    {
        var sent = new DateTimeOffset(oldest.Content.Year, oldest.Content.Month, 1, 7, 0, 0, TimeSpan.Zero);
        return db.Database.ExecuteSqlAsync(
            $"""
            UPDATE issue
            SET state = 'sent', started_at = {sent}, finished_at = {sent}, audience = 0
            WHERE slug = {oldest.Slug}
            """, ct);
    }
}
