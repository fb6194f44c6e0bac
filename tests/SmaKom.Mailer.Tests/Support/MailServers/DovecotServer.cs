namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>
/// Dovecot, which serves one mailbox over IMAP: STARTTLS on <see cref="MailServer.Port"/>, TLS from the first byte on
/// <see cref="ImplicitPort"/>; and over POP3, TLS from the first byte on <see cref="Pop3Port"/>. Its certificate is for localhost and 127.0.0.1; at 127.0.0.2 it has the wrong name.
/// </summary>
public sealed class DovecotServer() : MailServer("dovecot")
{
    private const string Program = "/usr/sbin/dovecot";

    public const string WrongName = "127.0.0.2";

    public int ImplicitPort { get; } = FreePort();

    public int Pop3Port { get; } = FreePort();

    protected override int[] ListeningPorts => [Port];

    protected override (string Greeting, string Goodbye) Manners => ("* OK", "a LOGOUT\r\n");

    /// <summary>Puts a letter into the mailbox, as a mail server would.</summary>
    /// <param name="isDeleted">Somebody else has marked it as deleted, and not yet removed it.</param>
    public async Task DeliverAsync(byte[] letter, bool isDeleted = false)
    {
        var name = $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}.{Guid.NewGuid():N}.localhost";
        await File.WriteAllBytesAsync(Path.Combine(Inbox, "tmp", name), letter);
        Run("chown", "mail:mail", Path.Combine(Inbox, "tmp", name));
        File.Move(Path.Combine(Inbox, "tmp", name), isDeleted ? Path.Combine(Inbox, "cur", name + ":2,T") : Path.Combine(Inbox, "new", name));
    }

    /// <summary>Letters that are there, seen and unseen.</summary>
    public int Letters => new[] { "cur", "new" }.Sum(part => Directory.GetFiles(Path.Combine(Inbox, part)).Length);

    /// <summary>Letters that nobody has seen.</summary>
    public int Unseen => Directory.GetFiles(Path.Combine(Inbox, "new")).Length
        + Directory.GetFiles(Path.Combine(Inbox, "cur")).Count(file => !file[(file.LastIndexOf(',') + 1)..].Contains('S', StringComparison.Ordinal));

    /// <summary>Empties the mailbox and numbers it anew, as a restore from a backup does.</summary>
    public void Renumber()
    {
        foreach (var file in Directory.GetFiles(Inbox, "dovecot*").Concat(Directory.GetFiles(Path.Combine(Inbox, "cur")))
            .Concat(Directory.GetFiles(Path.Combine(Inbox, "new")))) File.Delete(file);
    }

    public void MakeFolder(string name)
    {
        foreach (var part in new[] { "cur", "new", "tmp" }) Directory.CreateDirectory(Path.Combine(Inbox, "." + name, part));
        Run("chown", "-R", "mail:mail", Path.Combine(Inbox, "." + name));
    }

    protected override string[] Configure()
    {
        if (!File.Exists(Program) || !File.Exists("/usr/lib/dovecot/pop3"))
            throw new InvalidOperationException("Dovecot is missing. Install it: sudo apt-get install dovecot-imapd dovecot-pop3d");
        foreach (var part in new[] { "cur", "new", "tmp" }) Directory.CreateDirectory(Path.Combine(Inbox, part));
        Run("chown", "-R", "mail:mail", Inbox);
        Write("users", $"{Username}:{{PLAIN}}{Password}\n");
        Run("chmod", "644", In("users"));
        return
        [
            Program, "-F", "-c", Write("dovecot.conf", $$"""
                base_dir = {{In("run")}}
                state_dir = {{In("state")}}
                log_path = {{In("dovecot.log")}}
                protocols = imap pop3
                listen = 127.0.0.1, {{WrongName}}
                ssl = yes
                ssl_cert = <{{In("good.crt")}}
                ssl_key = <{{In("good.key")}}
                auth_mechanisms = plain login scram-sha-256
                auth_failure_delay = 0
                passdb {
                  driver = passwd-file
                  args = {{In("users")}}
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home={{Inbox}}
                }
                first_valid_uid = 1
                mail_location = maildir:{{Inbox}}
                service imap-login {
                  inet_listener imap {
                    port = {{Port}}
                  }
                  inet_listener imaps {
                    port = {{ImplicitPort}}
                    ssl = yes
                  }
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = 0
                  }
                  inet_listener pop3s {
                    port = {{Pop3Port}}
                    ssl = yes
                  }
                }
                """ + "\n"),
        ];
    }
}
