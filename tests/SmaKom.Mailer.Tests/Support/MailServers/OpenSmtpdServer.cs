namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>
/// OpenSMTPD (portable), in plaintext: no PIPELINING, no CHUNKING, no SMTPUTF8. Debian 12 builds it with OpenSSL 3, of which
/// its key process knows nothing, so every handshake fails (OpenSMTPD issue 1171); and it authenticates over TLS only.
/// Its delivery programs have fixed places on the system, so it passes its letters on to a <see cref="FakeRelay"/>.
/// </summary>
public sealed class OpenSmtpdServer() : MailServer("opensmtpd")
{
    private readonly FakeRelay store = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await store.DisposeAsync();
    }

    protected override int[] ListeningPorts => [Port];

    protected override IEnumerable<byte[]> Stored() => store.Messages.Select(m => m.Bytes);

    protected override string[] Configure()
    {
        Write("smtpd.conf", $"""
            listen on 127.0.0.1 port {Port} hostname localhost
            action "inbox" relay host smtp://127.0.0.1:{store.Port}
            match from any for rcpt-to "refused@example.org" reject
            match from any for domain "example.org" action "inbox"
            """ + "\n");
        // Its control socket has a fixed place, so a machine runs one at a time.
        return ["flock", "/var/lock/smakom-opensmtpd", Path.Combine(Root, "usr/sbin/smtpd"), "-d", "-B", "queue=ram", "-f", In("smtpd.conf")];
    }
}
