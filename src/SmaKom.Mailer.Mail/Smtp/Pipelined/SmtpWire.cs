using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>
/// Bytes to and replies from one relay. Every failure becomes a <see cref="RelayException"/> that says where it
/// happened; what it means for a letter is for the caller to say. Two fixed buffers, whatever the letter's length.
/// </summary>
internal sealed class SmtpWire : IAsyncDisposable
{
    private const int Block = 128 * 1024;
    private readonly Socket socket;
    private readonly string peer;
    private readonly Deadline deadline;
    private readonly byte[] input = new byte[16 * 1024];
    private byte[] output = new byte[4 * 1024];
    private Stream stream;
    private int start;
    private int end;
    private int filled;
    private ValueTask<int> pending;
    private bool isReading;
    private volatile bool isCancelled;
    private readonly HandshakeOctets handshake = new();

    public SmtpWire(Socket socket, string peer, TimeProvider time)
    {
        (this.socket, this.peer) = (socket, peer);
        stream = new NetworkStream(socket);
        deadline = new Deadline(time, Abort);
    }

    public bool IsLoopback =>
        socket.RemoteEndPoint is IPEndPoint { Address: var a } && IPAddress.IsLoopback(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a);

    public SslStream? Tls => stream as SslStream;

    /// <summary>The peer has said something, or hung up, that has not been read yet.</summary>
    public bool HasInput => start < end || (isReading && (pending.IsCompleted || IsReadable()));

    /// <summary>Until the result is disposed, cancelling tears the connection down.</summary>
    public CancellationTokenRegistration AbortOn(CancellationToken ct) => ct.UnsafeRegister(
        static self =>
        {
            var wire = (SmtpWire)self!;
            wire.isCancelled = true;
            wire.Abort();
        },
        this);

    /// <summary>Closes at once, without a word to the peer.</summary>
    public void Abort() => socket.Dispose();

    /// <inheritdoc cref="RelaySocket.HangUpAsync"/>
    public ValueTask HangUpAsync()
    {
        return RelaySocket.HangUpAsync(socket, NextAsync);

        ValueTask<int> NextAsync()
        {
            if (!isReading)
                return stream.ReadAsync(input);
            isReading = false;
            return pending;
        }
    }

    public void Append(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (output.Length - filled < most)
            Array.Resize(ref output, output.Length + most);
        filled += Encoding.UTF8.GetBytes(text, output.AsSpan(filled));
    }

    /// <summary>Sends what was appended.</summary>
    public async ValueTask FlushAsync(string stage, TimeSpan timeout)
    {
        var length = filled;
        filled = 0;
        if (length > 0)
            await WriteBlockAsync(output.AsMemory(0, length), stage, timeout);
    }

    /// <summary>Sends content behind what was appended; short pieces are gathered, long ones are not copied.</summary>
    /// <param name="timeout">For each block of 128 KiB.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, string stage, TimeSpan timeout)
    {
        if (content.Length <= output.Length - filled)
        {
            content.Span.CopyTo(output.AsSpan(filled));
            filled += content.Length;
            return;
        }
        await FlushAsync(stage, timeout);
        for (; content.Length > Block; content = content[Block..])
            await WriteBlockAsync(content[..Block], stage, timeout);
        if (content.Length <= output.Length / 2)
        {
            content.Span.CopyTo(output);
            filled = content.Length;
        }
        else
            await WriteBlockAsync(content, stage, timeout);
    }

    /// <summary>Starts to listen, so that <see cref="HasInput"/> notices a reply or a hang-up while we write.</summary>
    public void StartReading()
    {
        if (isReading)
            return;
        input.AsSpan(start, end - start).CopyTo(input);
        (start, end) = (0, end - start);
        if (end == input.Length)
            return;
#pragma warning disable CA2012 // Awaited once, by the next FillAsync or DisposeAsync; a Task for every read is what it saves.
        try
        {
            pending = stream.ReadAsync(input.AsMemory(end));
        }
        catch (Exception e) when (IsLoss(e))
        {
            pending = ValueTask.FromException<int>(e);
        }
#pragma warning restore CA2012
        isReading = true;
    }

    /// <exception cref="RelayException">
    /// No reply in time, connection lost, not a reply, or 421: at any command it means that the relay closes.
    /// </exception>
    public async ValueTask<SmtpReply> ReadReplyAsync(string stage, TimeSpan timeout)
    {
        var isWaiting = false;
        try
        {
            while (true)
            {
                if (Take(stage) is { } reply)
                    return reply.Code != 421 ? reply : throw new RelayException(
                        RelayFailure.ServiceClosing, $"{peer} is closing the connection: {reply}", stage, reply);
                if (start == 0 && end == input.Length)
                    throw new RelayException(RelayFailure.Protocol, $"{peer} answered {stage} with more than {input.Length} octets", stage);
                StartReading();
                // The reply as a whole has the time: an octet now and then buys no more of it.
                if (!isWaiting && !pending.IsCompleted)
                    deadline.Arm(timeout);
                isWaiting |= !pending.IsCompleted;
                await FillAsync(stage);
            }
        }
        finally
        {
            if (isWaiting)
                deadline.Disarm();
        }
    }

    /// <summary>Sends one command and waits for its reply. The command is not part of any message: it may hold a secret.</summary>
    public async ValueTask<SmtpReply> AskAsync(string command, string stage, TimeSpan timeout)
    {
        Append(command);
        Append("\r\n");
        await FlushAsync(stage, timeout);
        return await ReadReplyAsync(stage, timeout);
    }

    /// <exception cref="RelayException">The handshake failed, or the certificate is not the relay's.</exception>
    public async Task EncryptAsync(SslClientAuthenticationOptions options, Func<string?> whatIsWrong, TimeSpan timeout)
    {
        const string stage = "TLS";
        // RFC 3207 §6 and the attack on it: what came in plaintext must not be read as if it came encrypted.
        if (HasInput)
            throw new RelayException(RelayFailure.Tls, $"{peer} sent data between STARTTLS and the encryption: someone may be interfering", stage);
        var tls = new SslStream(new HandshakeStream(stream, handshake));
        try
        {
            handshake.Begin();
            deadline.Arm(timeout);
            await tls.AuthenticateAsClientAsync(options);
            deadline.Disarm();
            stream = tls;
        }
        catch (Exception e) when ((IsLoss(e) && (deadline.HasPassed || isCancelled)))
        {
            await tls.DisposeAsync();
            throw Lost(e, stage);
        }
        catch (Exception e) when (IsLoss(e) || e is AuthenticationException)
        {
            await tls.DisposeAsync();
            throw handshake.Explain(peer, whatIsWrong(), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        deadline.Dispose();
        // SslStream.DisposeAsync would wait for a peer that no longer reads.
        socket.Dispose();
        if (isReading)
        {
            try
            {
                await pending;
            }
            catch (Exception e) when (IsLoss(e))
            {
                // The read that the closing was meant to end.
            }
        }
        await stream.DisposeAsync();
    }

    // The kernel knows of a hang-up some microseconds before the pending read does. Not asked under TLS: what is readable
    // there may be the protocol's own.
    private bool IsReadable()
    {
        try
        {
            return Tls is null && socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private SmtpReply? Take(string stage)
    {
        try
        {
            if (!SmtpReplyParser.TryTake(input.AsSpan(start, end - start), out var length, out var reply))
                return null;
            start += length;
            return reply;
        }
        catch (FormatException e)
        {
            throw new RelayException(RelayFailure.Protocol, $"{peer} does not answer {stage} as SMTP demands: {e.Message}", stage, null, e);
        }
    }

    private async ValueTask FillAsync(string stage)
    {
        int read;
        try
        {
            isReading = false;
            read = await pending;
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, stage);
        }
        if (read == 0)
            throw Lost(null, stage);
        end += read;
    }

    private async ValueTask WriteBlockAsync(ReadOnlyMemory<byte> block, string stage, TimeSpan timeout)
    {
        try
        {
            var writing = stream.WriteAsync(block);
            if (!writing.IsCompleted)
                deadline.Arm(timeout);
            await writing;
            deadline.Disarm();
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, stage);
        }
    }

    private static bool IsLoss(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private Exception Lost(Exception? cause, string stage)
    {
        if (isCancelled)
            return new OperationCanceledException($"Cancelled at {stage}", cause);
        return deadline.HasPassed
            ? new RelayException(RelayFailure.Timeout, $"{peer} did not answer {stage} within {deadline.Span.TotalSeconds:0.#} s", stage, null, cause)
            : new RelayException(RelayFailure.ConnectionLost, $"{peer} closed the connection at {stage}", stage, null, cause);
    }
}
