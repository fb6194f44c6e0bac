using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays.Connections;

/// <summary>A sender's connection to one relay: opened when needed, and how much it has done.</summary>
public sealed class RelaySession(RelaySlot slot)
{
    private IMailConnection? connection;

    public RelaySlot Slot => slot;

    /// <summary>Letters on the present connection.</summary>
    public int Sent { get; private set; }
    public bool IsOpen => connection is not null;

    /// <exception cref="RelayException">The relay cannot be used.</exception>
    public async ValueTask<IMailConnection> OpenAsync(CancellationToken ct)
    {
        if (connection is { IsUsable: false }) await CloseAsync();
        return connection ??= await slot.ConnectAsync(ct);
    }

    public void CountSent(SendStatus status)
    {
        if (status is SendStatus.Accepted or SendStatus.Refused or SendStatus.Deferred) Sent++;
    }

    public async Task CloseAsync()
    {
        if (connection is not null) await connection.DisposeAsync();
        (connection, Sent) = (null, 0);
    }
}
