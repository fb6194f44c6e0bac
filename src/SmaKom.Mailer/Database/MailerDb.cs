using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Database;

/// <summary>The model, for pages and commands. Each entity's mapping sits beside the entity.</summary>
public sealed class MailerDb(DbContextOptions<MailerDb> options) : DbContext(options)
{
    public DbSet<Subscriber> Subscribers => Set<Subscriber>();
    public DbSet<SubscriberEvent> SubscriberEvents => Set<SubscriberEvent>();
    public DbSet<MailingList> MailingLists => Set<MailingList>();
    public DbSet<ListSubscription> ListSubscriptions => Set<ListSubscription>();
    public DbSet<Issue> Issues => Set<Issue>();
    public DbSet<Media> Media => Set<Media>();
    public DbSet<FrozenLetter> FrozenLetters => Set<FrozenLetter>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<Relay> Relays => Set<Relay>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MailerDb).Assembly, type => type.DeclaringType?.Namespace != "SmaKom.Mailer.Accounts");
        NameColumnsInSnakeCase(modelBuilder.Model);
    }

    /// <summary>EmailKey → email_key: SQL by hand and SQL by EF read the same.</summary>
    internal static void NameColumnsInSnakeCase(IMutableModel model)
    {
        foreach (var property in model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    internal static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
