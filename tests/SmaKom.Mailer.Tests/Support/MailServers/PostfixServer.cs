namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>Postfix. AUTH asks a small server that speaks Dovecot's protocol, as most installations do.</summary>
/// <param name="policyPort">Port of a policy server that is asked about each recipient (<see cref="Postgrey"/>); null: none.</param>
public sealed class PostfixServer(int? policyPort = null) : MailServer("postfix")
{
    private DovecotAuth? auth;
    private string[] settings = [];

    /// <summary>A port on which SMTPUTF8 is switched off.</summary>
    public int AsciiPort { get; } = FreePort();

    protected override int[] ListeningPorts => [.. Ports, AsciiPort];

    /// <summary>Starts it again with further lines of <c>main.cf</c>, in place of those of the time before.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        this.settings = settings;
        if (auth is not null)
            await auth.DisposeAsync();
        File.Delete(In("auth"));
        await LaunchAgainAsync();
    }

    /// <summary>Starts it again, passing on mail for a domain to a port of this machine.</summary>
    public Task PassOnAsync(string domain, string transport, int port) => RestartAsync(
        $"transport_maps = inline:{{{{{domain} = {transport}:inet:127.0.0.1:{port}}}}}");

    /// <summary>Letters with this in a line of their header are refused at the end of data.</summary>
    public string RefusingHeader(string pattern, string words) =>
        $"header_checks = regexp:{Write("conf/header_checks", $"/{pattern}/ REJECT {words}\n")}";

    protected override string[] Configure()
    {
        MakeQueue();
        auth = new DovecotAuth(In("auth"), Username, Password);
        var programs = Path.Combine(Root, "usr/lib/postfix/sbin");
        Write("conf/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {In("spool")}
            data_directory = {In("data")}
            daemon_directory = {programs}
            command_directory = {Root}/usr/sbin
            shlib_directory = {Root}/usr/lib/postfix
            meta_directory = {In("conf")}
            import_environment = MAIL_CONFIG LD_LIBRARY_PATH
            export_environment = MAIL_CONFIG LD_LIBRARY_PATH
            mail_owner = postfix
            setgid_group = postdrop
            maillog_file = {In("mail.log")}
            maillog_file_prefixes = {Folder}
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = localhost
            mydestination =
            alias_maps =
            alias_database =
            mynetworks = 127.0.0.0/8
            smtpd_peername_lookup = no
            virtual_mailbox_domains = example.org
            virtual_mailbox_base = {Folder}
            virtual_mailbox_maps = static:inbox/
            virtual_uid_maps = static:{Output("id", "-u", "postfix")}
            virtual_gid_maps = static:{Output("id", "-g", "postfix")}
            smtpd_recipient_restrictions = check_recipient_access texthash:{Write("conf/access", "refused@example.org 550 5.1.1 no such user\n")}, {(policyPort is { } port ? $"check_policy_service inet:127.0.0.1:{port}, " : "")}permit_mynetworks, reject
            smtpd_tls_security_level = may
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {In("auth")}
            smtputf8_enable = yes
            {string.Join("\n            ", settings)}
            """ + "\n");
        Write("conf/master.cf", $"""
            {Listener(Port, "good")}
            {Listener(ExpiredPort, "expired")}
            {Listener(WrongNamePort, "wrong")}
            {Listener(AsciiPort, "good")} -o smtputf8_enable=no
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            retry unix - - n - - error
            virtual unix - n n - - virtual
            lmtp unix - - n - - lmtp
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd
            """ + "\n");
        return [Path.Combine(programs, "master"), "-c", In("conf"), "-d"];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (auth is not null)
            await auth.DisposeAsync();
    }

    private string Listener(int port, string certificate) =>
        $"127.0.0.1:{port} inet n - n - - smtpd -o smtpd_tls_cert_file={In(certificate)}.crt -o smtpd_tls_key_file={In(certificate)}.key";

    private void MakeQueue()
    {
        foreach (var queue in new[] { "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "public",
            "maildrop", "saved", "trace" })
            Directory.CreateDirectory(In($"spool/{queue}"));
        Directory.CreateDirectory(In("data"));
        Run("chown", "-R", "postfix", In("spool"), In("data"), Inbox);
        Directory.CreateDirectory(In("spool/pid"));
        Run("chown", "root", In("spool"));
        Run("chgrp", "postdrop", In("spool/public"), In("spool/maildrop"));
        Run("chmod", "710", In("spool/public"));
        Run("chmod", "730", In("spool/maildrop"));
    }
}
