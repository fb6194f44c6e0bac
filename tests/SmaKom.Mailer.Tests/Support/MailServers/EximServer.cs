namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>Exim 4 (Debian's light build, with GnuTLS).</summary>
public sealed class EximServer() : MailServer("exim")
{
    // Exim replaces the names in capitals: macros.
    private const string Condition = "${if and{{eq{$auth2}{TEST_USER}}{eq{$auth3}{TEST_PASSWORD}}}}";

    protected override string[] Configure()
    {
        foreach (var (port, certificate) in Ports.Zip(["good", "expired", "wrong"]))
        {
            File.Copy(In($"{certificate}.crt"), In($"{port}.crt"));
            File.Copy(In($"{certificate}.key"), In($"{port}.key"));
        }
        Directory.CreateDirectory(In("spool"));
        Write("exim.conf", $$"""
            TEST_USER = {{Username}}
            TEST_PASSWORD = {{Password}}
            exim_path = {{Root}}/usr/sbin/exim4
            keep_environment = LD_LIBRARY_PATH
            exim_user = Debian-exim
            exim_group = Debian-exim
            spool_directory = {{In("spool")}}
            log_file_path = {{In("exim-%slog")}}
            pid_file_path = {{In("exim.pid")}}
            primary_hostname = localhost
            local_interfaces = <; {{string.Join(" ; ", Ports.Select(p => $"127.0.0.1.{p}"))}}
            acl_smtp_rcpt = check_rcpt
            smtputf8_advertise_hosts = *
            chunking_advertise_hosts = *
            host_lookup =
            rfc1413_hosts =
            smtp_accept_max_per_connection = 0
            tls_advertise_hosts = *
            tls_certificate = {{Folder}}/${received_port}.crt
            tls_privatekey = {{Folder}}/${received_port}.key

            begin acl
            check_rcpt:
              deny message = 5.1.1 no such user
                   local_parts = refused
              accept domains = example.org
              deny message = relaying

            begin routers
            inbox:
              driver = accept
              transport = maildir

            begin transports
            maildir:
              driver = appendfile
              directory = {{Inbox}}
              maildir_format
              user = Debian-exim

            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_prompts = :
              server_condition = {{Condition}}
              server_set_id = $auth2
            """ + "\n");
        Run("chown", "-R", "Debian-exim", Folder);
        Run("chown", "root", In("exim.conf"));
        return [Path.Combine(Root, "usr/sbin/exim4"), "-C", In("exim.conf"), "-bdf"];
    }
}
