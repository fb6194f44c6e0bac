using System.Net;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Jobs.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Admin;

/// <summary>
/// Hangfire's own dashboard, for administrators, with the same login as everything else, and with the newsletter in it. What it is told
/// once for the process (numbers, menu, routes) asks the services of the request that it answers, so that hosts do not mix.
/// </summary>
public static class HangfireDashboard
{
    // Hangfire's pages carry an icon font and set styles on elements; scripts are files of its own.
    private const string Security =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string ZonePath = "/smakom-zone";

    private static readonly Lazy<bool> ToldOnce = new(TellOnce);

    public static void AddHangfireDashboard(this IServiceCollection services)
    {
        services.AddSingleton<IGlobalConfiguration>(GlobalConfiguration.Configuration);
        services.AddSingleton(DashboardRoutes.Routes);
        services.AddSingleton<IBackgroundJobClientFactory>(s => s.GetRequiredService<HangfireClients>());
        services.AddSingleton<IBackgroundJobClientFactoryV2>(s => s.GetRequiredService<HangfireClients>());
        services.AddSingleton<IRecurringJobManagerFactory>(s => s.GetRequiredService<HangfireClients>());
        services.AddSingleton<IRecurringJobManagerFactoryV2>(s => s.GetRequiredService<HangfireClients>());
        services.AddSingleton<DashboardNumbers>();
    }

    public static void MapHangfireDashboard(this WebApplication app)
    {
        _ = ToldOnce.Value;
        app.UseWhen(context => context.Request.Path.StartsWithSegments(JobEndpoints.Hangfire, StringComparison.Ordinal),
            branch => branch.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Security;
            return next(context);
        }));
        app.MapHangfireDashboardWithAuthorizationPolicy(StaffPolicy.Administration, JobEndpoints.Hangfire, new DashboardOptions
        {
            AppPath = JobEndpoints.Board,
            // Not through the options, which would check all of the sender's: a command builds the host, too, and needs none of them.
            DashboardTitle = $"{(app.Configuration.GetSection("Sender").Get<SenderOptions>() ?? new()).Organisation} · Hangfire",
            DisplayStorageConnectionString = false,
            DisplayNameFunc = (context, job) => NameOf(job, context.GetHttpContext().RequestServices),
        });
    }

    /// <summary>What a job is called: "Skicka nummer 2026-12", "Rensar jobbens historik".</summary>
    private static string NameOf(Hangfire.Common.Job job, IServiceProvider services)
    {
        var words = services.GetRequiredService<IStringLocalizer<JobWords>>();
        if (IssueRun.IssueOf(job) is { Slug: var slug }) return words["Dashboard.Send", slug];
        return JobEngine.RunOf(job) is not { } run ? job.ToString()
            : $"{services.GetRequiredService<JobPhrases>().Does(run.Job)} {run.Key}".TrimEnd();
    }

    private static bool TellOnce()
    {
        GlobalConfiguration.Configuration.UseDashboardMetrics(
            // Hangfire takes one title for all readers: Swedish, and the reader's own language when the pointer rests on it.
            Metric("waiting", "Brev som väntar", numbers => numbers.Waiting),
            Metric("minute", "Mottagna senaste minuten", numbers => numbers.LastMinute),
            Metric("refused", "Avvisade senaste dygnet", numbers => numbers.RefusedInADay, MetricStyle.Warning),
            Metric("unknown", "Ovissa senaste dygnet", numbers => numbers.UnknownInADay, MetricStyle.Danger));
        GlobalConfiguration.Configuration.UseJobDetailsRenderer(0, Details);
        NavigationMenu.Items.Add(page => new MenuItem(Words(page)["Dashboard.Mailings"], "/admin/utskick"));
        DashboardRoutes.Routes.Add(ZonePath, new ZoneName());
        DashboardRoutes.AddJavaScript(typeof(HangfireDashboard).Assembly, "SmaKom.Mailer.Admin.hangfire-zone.js");
        return true;
    }

    private static DashboardMetric Metric(string name, string title, Func<DashboardNumbers.Reading, long> number,
        MetricStyle style = MetricStyle.Default) =>
        new($"smakom:{name}", title, page =>
        {
            var value = number(Services(page).GetRequiredService<DashboardNumbers>().Read());
            return new Metric(Services(page).GetRequiredService<LocalText>().Number(value))
            {
                IntValue = value,
                Title = Words(page)[$"Dashboard.{name}"],
                Style = value > 0 ? style : MetricStyle.Default,
                Highlighted = value > 0 && style != MetricStyle.Default,
            };
        });

    /// <summary>On the page of an issue's job: where it stands, and the way to its mailing.</summary>
    private static NonEscapedString Details(JobDetailsRendererDto dto)
    {
        if (IssueRun.IssueOf(dto.JobDetails.Job) is not { Issue: var issue }) return new("");
        var (services, words) = (Services(dto.Page), Words(dto.Page));
        var text = services.GetRequiredService<LocalText>();
        var now = services.GetRequiredService<LiveNumbers>().GetAsync(issue, CancellationToken.None).GetAwaiter().GetResult();
        if (now is null) return new("");
        var rows = new (string Name, string Value)[]
        {
            ("Audience", text.Number(now.Receipt.Audience)), ("Accepted", text.Number(now.Receipt.Accepted)),
            ("Waiting", text.Number(now.Receipt.Waiting)),
            ("Refused", text.Number(now.Receipt.Refused)), ("Unknown", text.Number(now.Receipt.Unknown)),
            ("Excluded", text.Number(now.Receipt.Excluded)),
            ("Rate", text.Number((long)now.PerMinute)),
        };
        var list = string.Concat(rows.Select(row => $"<dt>{Html(words[$"Dashboard.Issue.{row.Name}"])}</dt><dd>{Html(row.Value)}</dd>"));
        var stands = now.JobId == dto.JobId ? words[$"Dashboard.State.{now.State}"] : words["Dashboard.OldJob"];
        var done = now.Receipt.Audience == 0 ? 0 : 100 * (now.Receipt.Audience - now.Receipt.Waiting) / now.Receipt.Audience;
        return new(
            $"""
            <h3>{Html(words["Dashboard.Issue"])}</h3>
            <p>{Html(stands)} <a href="/admin/utskick/{issue}">{Html(words["Dashboard.ToMailing"])}</a></p>
            <div class="progress" role="progressbar" aria-valuenow="{done}" aria-valuemin="0" aria-valuemax="100" aria-label="{Html(words["Dashboard.Issue"])}">
                <div class="progress-bar" style="width: {done}%">{done} %</div>
            </div>
            <dl class="dl-horizontal">{list}</dl>
            """);
    }

    private static IServiceProvider Services(RazorPage page) => page.Context.GetHttpContext().RequestServices;

    private static IStringLocalizer<JobWords> Words(RazorPage page) => Services(page).GetRequiredService<IStringLocalizer<JobWords>>();

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Tells <c>hangfire-zone.js</c> in which time zone the site shows times.</summary>
    private sealed class ZoneName : IDashboardDispatcher
    {
        public Task Dispatch(DashboardContext context)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(context.GetHttpContext().RequestServices.GetRequiredService<IOptions<SiteOptions>>().Value.TimeZone);
        }
    }
}
