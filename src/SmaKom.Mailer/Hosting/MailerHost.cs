using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Admin;
using SmaKom.Mailer.Archive;
using SmaKom.Mailer.Bounces;
using SmaKom.Mailer.Bounces.Tasks;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Domains;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Halts;
using SmaKom.Mailer.Issues.Halts.Pages;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Issues.People.Pages;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Jobs.Pages;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Privacy;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Relays.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Reports.Pages;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists.Pages;
using SmaKom.Mailer.Subscribers.Pages;
using SmaKom.Mailer.Subscribers.SignUp.Embed;
using SmaKom.Mailer.Subscribers.Unsubscribe;
using SmaKom.Mailer.Telemetry;
using SmaKom.Mailer.Timelines;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Hosting;

/// <summary>Puts the features together. Which of them run in this process is said by <see cref="RoleOptions"/>.</summary>
public static class MailerHost
{
    /// <summary>Builds the host. <paramref name="configure"/> lets tests replace parts (time, connection string) before it is built.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("SMAKOM__");
        builder.Services.AddSingleton(TimeProvider.System);
        configure?.Invoke(builder);
        AddFeatures(builder);

        var app = builder.Build();
        UseFeatures(app);
        return app;
    }

    /// <summary>Compiles the letters' templates and tries them, migrates (or looks whether somebody has), then starts everything.</summary>
    public static async Task StartMailerAsync(this WebApplication app, CancellationToken ct = default)
    {
        await app.Services.PrepareTemplatesAsync();
        await app.Services.GetRequiredService<TrialLetters>().WriteAsync();
        await app.Services.GetRequiredService<Migrator>().PrepareAsync(ct);
        app.Services.PrepareKeyRing();
        await app.Services.PrepareClockAsync(ct);
        await app.Services.PrepareHaltsAsync(ct);
        await app.Services.PrepareRelaysAsync(ct);
        await app.Services.PrepareLinkKeysAsync(ct);
        await app.Services.PrepareAccountsAsync(ct);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            // Told to stop in the middle of the start, or one part could not start: what has begun is ended in order, letters in
            // flight among it. Whatever a part makes of being told to stop, it is no failure then.
            await app.StopAsync(CancellationToken.None);
            ct.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static void AddFeatures(WebApplicationBuilder builder)
    {
        var roles = builder.AddSettings();
        builder.AddDatabase();
        builder.AddLinks();
        builder.AddSubscribers();
        builder.AddIssues();
        builder.AddHalts();
        builder.AddRelays();
        builder.AddBounces(roles);
        builder.AddDeliveries(roles);
        builder.AddNotices(roles);
        builder.AddJobs(roles, JobTable.Jobs);
        builder.AddUnsubscribes();
        builder.AddArchive();
        builder.AddInbox();
        builder.AddAccounts();
        builder.AddIssuePages();
        builder.AddAdmin();
        builder.AddReports();
        builder.AddTimelines();
        builder.AddPrivacy();
        builder.AddSamples();
        builder.AddTelemetry();
        builder.AddFindings();
        builder.AddDomains();
        builder.AddHealth();
        builder.AddLayout();
    }

    private static void UseFeatures(WebApplication app)
    {
        app.UseLayout();
        app.UseTelemetry();
        app.UseAccounts();
        app.UseAntiforgery();
        app.UseArchive();
        app.MapPages();
        app.MapArchive();
        app.MapIssues();
        app.MapMedia();
        app.MapPeople();
        app.MapLists();
        app.MapTasks();
        app.MapMunicipalities();
        app.MapHalts();
        app.MapMailings();
        app.MapEmbeddedSignUp();
        app.MapUnsubscribes();
        app.MapTimelines();
        app.MapPrivacy();
        app.MapBounces();
        app.MapRelays();
        app.MapDomains();
        app.MapJobs();
        app.MapHangfireDashboard();
        app.MapInbox();
        app.MapHealth();
    }
}
