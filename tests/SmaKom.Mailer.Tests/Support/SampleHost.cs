namespace SmaKom.Mailer.Tests.Support;

/// <summary>The host as a newcomer runs it: web, worker and the built-in inbox as its relay, with its own address known.</summary>
public static class SampleHost
{
    public static Task<TestHost> StartAsync(TestDatabase database, params (string, string)[] settings)
    {
        var (web, smtp) = (TestPostgres.FreePort(), TestPostgres.FreePort());
        return TestHost.StartAsync(database,
        [
            ("urls", $"http://127.0.0.1:{web}"), ("Site:PublicUrl", $"http://127.0.0.1:{web}"), ("Inbox:Enabled", "true"), ("Inbox:Port", $"{smtp}"),
            ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{smtp}"), ("Smtp:Tls", "None"), ("Smtp:FirstBackOff", "00:00:00.1"),
            ("Dispatch:PollInterval", "00:00:00.2"), ("Dispatch:RetryAfter:0", "00:00:00.05"), ("SignUp:MinimumTime", "00:00:00"), .. settings,
        ]);
    }
}
