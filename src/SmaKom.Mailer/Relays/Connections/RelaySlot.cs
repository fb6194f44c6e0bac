using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays.Connections;

/// <summary>The right to one connection to one relay, among all workers.</summary>
public sealed class RelaySlot : IDisposable
{
    private readonly RelayPool pool;
    private readonly CancellationTokenSource wanted = new();

    internal RelaySlot(RelayPool pool, Relay relay, int number, bool isAtOnce, TimeSpan since) =>
        (this.pool, Relay, Number, IsAtOnce, Since) = (pool, relay, number, isAtOnce, since);

    public Relay Relay { get; }

    /// <summary>True for as long as this relay is the one to use, and nobody needs the connection more.</summary>
    public bool IsPreferred => !wanted.IsCancellationRequested && pool.IsPreferred(Relay);

    /// <summary>Somebody needs the connection more, or it must not be any longer: close it after the letter that is under way.</summary>
    public CancellationToken Wanted => wanted.Token;

    /// <summary>Which of the relay's connections it is, from 0.</summary>
    public int Number { get; }

    /// <summary>For a single mail or a person who waits; it is soon over, and nobody asks for it.</summary>
    internal bool IsAtOnce { get; }

    /// <summary>By its broker's clock.</summary>
    internal TimeSpan Since { get; }

    /// <summary>Another worker has the number since this one lost the database for a while.</summary>
    internal bool IsLost { get; set; }

    /// <summary>A connection was opened, and it is not known to have failed.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Ends when the last attempt to open one has.</summary>
    internal Task Opening { get; private set; } = Task.CompletedTask;

    /// <exception cref="RelayException">The relay cannot be used; ask <see cref="IsOneTooManyAsync"/>, and tell
    /// <see cref="MarkFailedAsync"/>.</exception>
    public async Task<IMailConnection> ConnectAsync(CancellationToken ct)
    {
        IsOpen = false;
        var opening = pool.ConnectAsync(this, ct);
        Opening = opening;
        var connection = await opening;
        IsOpen = true;
        return connection;
    }

    /// <summary>
    /// The relay has not failed: it allows no more connections than others have now. How many that are is learned, and this one is to be given up.
    /// </summary>
    public Task<bool> IsOneTooManyAsync(RelayException failure, CancellationToken ct) => pool.IsOneTooManyAsync(this, failure, ct);

    /// <returns>How long the relay rests.</returns>
    public Task<DateTimeOffset?> MarkFailedAsync(RelayException failure, CancellationToken ct) => pool.MarkFailedAsync(Relay, failure, ct);
    public Task MarkWorkingAsync(CancellationToken ct) => pool.MarkWorkingAsync(Relay, ct);

    /// <summary>Close the connection first: from now on another worker may open one.</summary>
    public void Dispose() => pool.Release(this);

    // Not in this thread: who hears it may ask for another connection at once.
    internal void Want() => _ = wanted.CancelAsync();
}
