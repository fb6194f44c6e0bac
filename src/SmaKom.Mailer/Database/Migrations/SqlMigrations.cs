using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace SmaKom.Mailer.Database.Migrations;

/// <summary>A migration whose text is the embedded file <c>Database/Migrations/{id}.sql</c>. Forward only: mend by a new one.</summary>
public abstract class SqlMigration : Migration
{
    /// <summary>The ids of all that this version has, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(SqlMigration).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(SqlMigration))).Select(IdOf)
            .Order(StringComparer.Ordinal)];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var id = IdOf(GetType());
        using var stream = typeof(SqlMigration).Assembly.GetManifestResourceStream($"SmaKom.Mailer.Database.Migrations.{id}.sql")!;
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }

    private static string IdOf(Type migration) => ((MigrationAttribute)Attribute.GetCustomAttribute(migration, typeof(MigrationAttribute))!).Id;
}

[DbContext(typeof(MailerDb)), Migration("0001_initial")]
public sealed class Initial : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0002_sign_up")]
public sealed class SignUp : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0003_accounts")]
public sealed class Accounts : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0004_inbox")]
public sealed class Inbox : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0006_rate_limits")]
public sealed class RateLimits : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0007_jobs")]
public sealed class Jobs : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0008_decisions")]
public sealed class Decisions : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0009_operations")]
public sealed class Operations : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0010_delivery_room")]
public sealed class DeliveryRoom : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0011_limit_change")]
public sealed class LimitChange : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0012_issue_job")]
public sealed class IssueJob : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0013_relay_client")]
public sealed class RelayClient : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0014_run_kind")]
public sealed class RunKindName : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0018_worker_watch")]
public sealed class WorkerWatch : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0021_brake")]
public sealed class Brake : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0022_working_connections")]
public sealed class WorkingConnections : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0023_halt")]
public sealed class Halt : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0025_sessions")]
public sealed class Sessions : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0026_proof")]
public sealed class Proof : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0027_encrypted_keys")]
public sealed class EncryptedKeys : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0028_sign_ups_by_mailbox")]
public sealed class SignUpsByMailbox : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0029_letters_in_doubt")]
public sealed class LettersInDoubt : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0030_composer")]
public sealed class Composer : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0031_subscriber_search")]
public sealed class SubscriberSearchIndex : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0032_tested_content")]
public sealed class TestedContent : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0033_link_check")]
public sealed class LinkCheck : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0034_people")]
public sealed class People : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0036_presence")]
public sealed class Presence : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0037_same_person")]
public sealed class SamePerson : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0038_person_removed")]
public sealed class PersonRemoved : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0039_lists")]
public sealed class Lists : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0040_preferences")]
public sealed class Preferences : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0041_archive")]
public sealed class PublicArchive : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0043_erasure")]
public sealed class Erasure : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0044_retention")]
public sealed class Retention : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0045_returns")]
public sealed class Returns : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0046_collecting")]
public sealed class Collecting : SqlMigration;

[DbContext(typeof(MailerDb)), Migration("0048_domain_report")]
public sealed class DomainReportTable : SqlMigration;
