using System.CommandLine;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Subscribers.Unseen;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom subscribers mend</c>: what to do about <see cref="Findings.FindingKind.AddressesUnseen"/>.</summary>
internal static class MendVerb
{
    public static Command Create(Terminal terminal)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = terminal.Words["Option.DryRun"] };
        var mend = new Command("mend", terminal.Words["Subscribers.Mend"]) { dryRun };
        mend.SetAction((parsed, ct) => RunAsync(parsed.GetValue(dryRun), terminal, ct));
        return mend;
    }

    private static async Task<int> RunAsync(bool dryRun, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        await app.Services.PrepareLinkKeysAsync(ct);
        var mended = await app.Services.GetRequiredService<AddressMending>().RunAsync(Actor.CommandLine, dryRun, ct);
        if (mended.Count == 0) terminal.Say(terminal.Words["Mend.None"]);
        foreach (var one in mended) terminal.Say($"{Visible(one.Before)}\t{terminal.Words[$"Mend.{one.Outcome}", one.After ?? ""].Value}");
        if (dryRun && mended.Count > 0) terminal.Say(terminal.Words["Import.DryRun"]);
        terminal.Data(new { dryRun, mended = mended.Select(one => new { before = one.Before, one.Outcome, one.After }) });
        return ExitCode.Done;
    }

    /// <summary>With the numbers of the characters that nobody sees: <c>anna‹U+200B›@example.org</c>.</summary>
    private static string Visible(string text) => string.Concat(text.EnumerateRunes()
        .Select(rune => UnicodeText.FirstUnseen(rune.ToString()) is null ? rune.ToString() : $"‹U+{rune.Value:X4}›"));
}
