using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>The real host on a real port, with a database and settings of the test's own.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    /// <summary>Address of the web pages, without a slash at the end.</summary>
    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <param name="settings">Settings as <c>("Dispatch:Lease", "00:00:05")</c>; they win over the defaults of <see cref="Configure"/>.</param>
    public static async Task<TestHost> StartAsync(TestDatabase database, params (string Key, string Value)[] settings) =>
        await StartAsync(database, _ => { }, settings);

    public static async Task<TestHost> StartAsync(TestDatabase database, Action<WebApplicationBuilder> configure,
        params (string Key, string Value)[] settings)
    {
        var app = MailerHost.Build([], builder =>
        {
            Configure(builder, database.ConnectionString, settings);
            configure(builder);
        });
        await app.StartMailerAsync();
        return new TestHost(app);
    }

    public static void Configure(WebApplicationBuilder builder, string connectionString, params (string Key, string Value)[] settings)
    {
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Mailer"] = connectionString,
            ["Sender:Organisation"] = "SmåKom",
            ["Sender:PostalAddress"] = "Exempelgatan 1, 123 45 Gransele",
            ["Sender:Address"] = "nyhetsbrev@smakom.example",
            ["Checks:Links"] = "false",
        });
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
