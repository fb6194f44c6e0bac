using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Cli;

/// <summary>What <c>smakom</c> understands. Without a verb it serves.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var app = MailerHost.Build(args);
        await app.StartMailerAsync();
        await app.WaitForShutdownAsync();
        return 0;
    }
}
