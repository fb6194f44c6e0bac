using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays;

/// <summary>An SMTP server that takes our mail, and how it has behaved lately.</summary>
public sealed class Relay
{
    public short Id { get; private set; }
    public required string Name { get; set; }
    public required string Host { get; set; }
    public required int Port { get; set; }
    public required TlsMode Tls { get; set; }

    /// <summary>Which of our SMTP clients speaks with it.</summary>
    public SmtpClientKind Client { get; set; } = SmtpClientKind.MailKit;
    public string? Username { get; set; }

    /// <summary>The password, encrypted with the Data Protection key ring.</summary>
    public string? PasswordProtected { get; set; }

    /// <summary>Lower is tried first.</summary>
    public int Priority { get; set; } = 10;

    /// <summary>Share of the connections among relays of the same priority, 1 or more; null = as many as it allows.</summary>
    public int? Weight { get; set; }
    public int MaxConnections { get; set; } = 4;

    /// <summary>What it was seen to allow, where that is fewer than <see cref="MaxConnections"/>; null = all of them.</summary>
    public int? WorkingConnections { get; set; }

    /// <summary>One more than <see cref="WorkingConnections"/> is tried from then on.</summary>
    public DateTimeOffset? MoreConnectionsAt { get; set; }
    public int MaxMessagesPerConnection { get; set; } = 1000;
    public bool Enabled { get; set; } = true;

    /// <summary>Failures in a row; 0 when the last connection worked.</summary>
    public int Failures { get; set; }

    /// <summary>Backing off until then.</summary>
    public DateTimeOffset? AvailableAt { get; set; }
    public string? LastFailure { get; set; }

    /// <summary>Name of a <see cref="RelayFailure"/>.</summary>
    public string? LastFailureKind { get; set; }
    public DateTimeOffset? LastFailureAt { get; set; }

    /// <summary>Connections to use now, of all workers together.</summary>
    public int ConnectionsAt(DateTimeOffset now) =>
        WorkingConnections is { } few ? Math.Min(MaxConnections, now >= MoreConnectionsAt ? few + 1 : few) : MaxConnections;

    internal sealed class Mapping : IEntityTypeConfiguration<Relay>
    {
        public void Configure(EntityTypeBuilder<Relay> relay) => relay.ToTable("relay");
    }
}
