using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Database;

public static class DatabaseFeature
{
    /// <summary>One pooled data source for EF and for the hot path, from <c>ConnectionStrings:Mailer</c>.</summary>
    public static void AddDatabase(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => DatabaseOptions.From(builder.Configuration));
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton<DatabaseClock>();
        var certificates = KeyCertificates.From(builder.Configuration);
        builder.Services.AddSingleton(certificates);
        builder.Services.AddSingleton<KeyEncryption>();
        KeyRing.Add(builder.Services, certificates);
        builder.Services.AddSingleton(services => CreateDataSource(
            builder.Configuration.GetConnectionString("Mailer") ?? throw new ConfigurationException(
                "ConnectionStrings:Mailer is missing. Set ConnectionStrings__Mailer to a PostgreSQL connection string, " +
                "for example \"Host=localhost;Database=smakom;Username=smakom;Password=…\".")));
        builder.Services.AddPooledDbContextFactory<MailerDb>((services, options) =>
            UseMailerDatabase(options, services.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddScoped(services => services.GetRequiredService<IDbContextFactory<MailerDb>>().CreateDbContext());
    }

    /// <summary>Before anything that is due is looked for: by the database's clock, whatever this machine's says.</summary>
    public static Task PrepareClockAsync(this IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<DatabaseClock>().AskAsync(services.GetRequiredService<NpgsqlDataSource>(), ct);

    /// <summary>Reads the keys of forms and logins once, so that a certificate that is missing is told now and not at the first login.</summary>
    /// <exception cref="ConfigurationException">One is encrypted with a certificate that is not at hand.</exception>
    public static void PrepareKeyRing(this IServiceProvider services) =>
        services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!.GetAllElements();

    public static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString);
        source.ConnectionStringBuilder.ApplicationName ??= "smakom-mailer";
        // What is asked again and again is planned once for each connection; the connection string may say otherwise.
        if (!source.ConnectionStringBuilder.ShouldSerialize("Max Auto Prepare"))
            (source.ConnectionStringBuilder.MaxAutoPrepare, source.ConnectionStringBuilder.AutoPrepareMinUsages) = (64, 3);
        // Compiling a query takes PostgreSQL longer than running any of ours: over five million letters it estimates that it would pay.
        source.ConnectionStringBuilder.Options ??= "-c jit=off";
        // Kerberos is for those who name it: where its library is missing, as in containers, each try writes two lines past the log.
        if (!source.ConnectionStringBuilder.ShouldSerialize("GSS Encryption Mode"))
            source.ConnectionStringBuilder.GssEncryptionMode = GssEncryptionMode.Disable;
        source.MapEnum<SubscriberStatus>();
        source.MapEnum<LegalBasis>();
        source.MapEnum<LetterFormat>();
        source.MapEnum<IssueState>();
        source.MapEnum<DeliveryState>();
        source.MapEnum<TlsMode>();
        source.MapEnum<SmtpClientKind>();
        source.MapEnum<JobRunState>();
        source.MapEnum<RunKind>();
        return source.Build();
    }

    /// <summary>Options that every context on this database shares.</summary>
    public static void UseMailerDatabase(DbContextOptionsBuilder options, NpgsqlDataSource source) => options
        .UseNpgsql(source, npgsql => npgsql
            .MapEnum<SubscriberStatus>()
            .MapEnum<LegalBasis>()
            .MapEnum<LetterFormat>()
            .MapEnum<IssueState>()
            .MapEnum<DeliveryState>()
            .MapEnum<TlsMode>()
            .MapEnum<SmtpClientKind>()
            .MigrationsHistoryTable("migration"))
        // Migrations are written by hand, in SQL: there is no snapshot to compare the model with. A test compares it with the database.
        .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
}
