using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>
/// The stream below MailKit's clients (and below their TLS). MailKit's asynchronous reads wait for ever: here every wait has
/// the limit of what is being waited for. MailKit disposes of it at any failure, and waits for nobody: the socket stays, and ends with
/// <see cref="CloseAsync"/>. Every loss is an <see cref="IOException"/>; which one is told by the flags.
/// </summary>
internal sealed class RelayWire : AsyncOnlyStream
{
    private readonly Socket socket;
    private readonly NetworkStream network;
    private readonly Func<(TimeSpan Patience, int Heard)> awaited;
    private readonly Deadline deadline;
    private readonly TimeProvider time;
    private (TimeSpan Patience, int Heard, long Since)? waiting;

    /// <param name="awaited">How long what is being waited for now may take, and how many replies have come.</param>
    public RelayWire(Socket socket, Func<(TimeSpan Patience, int Heard)> awaited, TimeProvider time)
    {
        (this.socket, this.awaited, this.time) = (socket, awaited, time);
        network = new NetworkStream(socket);
        deadline = new Deadline(time, Abort);
    }

    public bool IsLoopback =>
        socket.RemoteEndPoint is IPEndPoint { Address: var a } && IPAddress.IsLoopback(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a);

    /// <summary>The peer hung up, or the network failed.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The span that ran out; null: none did.</summary>
    public TimeSpan? TimedOutAfter => deadline.HasPassed ? waiting?.Patience ?? deadline.Span : null;

    /// <summary>What the relay says first in a TLS handshake.</summary>
    public HandshakeOctets Handshake { get; } = new();

    public bool IsCancelled { get; private set; }

    /// <summary>Until the result is disposed, cancelling tears the connection down.</summary>
    public CancellationTokenRegistration AbortOn(CancellationToken ct) => ct.UnsafeRegister(
        static self =>
        {
            var wire = (RelayWire)self!;
            wire.IsCancelled = true;
            wire.Abort();
        },
        this);

    /// <summary>Closes at once, without a word to the peer.</summary>
    public void Abort()
    {
        socket.Dispose();
        deadline.Dispose();
    }

    /// <summary>Ends the connection, however it stands: <inheritdoc cref="RelaySocket.HangUpAsync" path="/summary/node()"/></summary>
    public async ValueTask CloseAsync()
    {
        var left = new byte[1024];
        await RelaySocket.HangUpAsync(socket, () => network.ReadAsync(left));
        deadline.Dispose();
        await network.DisposeAsync();
        socket.Dispose();
    }

    /// <summary>
    /// The peer has spoken or hung up while it should listen. Under TLS only a hang-up is seen: what is readable there may
    /// be the protocol's own.
    /// </summary>
    public bool HasInput(bool encrypted)
    {
        try
        {
            return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && (!encrypted || socket.Available == 0);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return true;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await WithinAsync(network.ReadAsync(buffer, CancellationToken.None), Left);
        IsLost |= read == 0 && buffer.Length > 0;
        Handshake.Note(buffer.Span[..read]);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        waiting = null;
        await WithinAsync(Done(network.WriteAsync(buffer, CancellationToken.None)), () => awaited().Patience);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    private static async ValueTask<int> Done(ValueTask writing)
    {
        await writing;
        return 0;
    }

    // A reply as a whole has the time: an octet now and then buys no more of it.
    private TimeSpan Left()
    {
        var (patience, heard) = awaited();
        if (waiting is not { } known || known.Heard != heard || known.Patience != patience)
        {
            waiting = (patience, heard, time.GetTimestamp());
            return patience;
        }
        if (patience == Timeout.InfiniteTimeSpan) return patience;
        var left = patience - time.GetElapsedTime(known.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }

    private async ValueTask<int> WithinAsync(ValueTask<int> work, Func<TimeSpan> patience)
    {
        try
        {
            if (!work.IsCompleted)
                deadline.Arm(patience());
            var result = await work;
            deadline.Disarm();
            return result;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            IsLost = true;
            throw new IOException("The connection was lost", e);
        }
    }
}
