namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>
/// Postfix's test server: no TLS, no AUTH. Fault flags: <c>-f</c> 5xx, <c>-r</c> 4xx, <c>-q</c> hangs up, <c>-Q</c> 421 and
/// hangs up, each with a list of commands; "." stands for the end of data. <c>-f</c> and <c>-r</c> switch PIPELINING off.
/// </summary>
/// <param name="flags">For example <c>-q .</c>, as separate words.</param>
public sealed class SmtpSink(params string[] flags) : MailServer("sink")
{
    protected override string[] Configure() =>
        [Path.Combine(Root, "usr/sbin/smtp-sink"), "-u", "nobody", .. flags, "-d", Path.Combine(Inbox, "%M."), $"127.0.0.1:{Port}", "100"];

    protected override int[] ListeningPorts => [Port];

    // The sink puts a line feed of its own behind each letter.
    protected override IEnumerable<byte[]> Stored() => Directory.GetFiles(Inbox).Select(f => File.ReadAllBytes(f)[..^1]);
}
