using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>Lines, letters and chunks from a pipe; replies to it, gathered while input is waiting (RFC 2920 §3.2).</summary>
internal sealed class ReceiverWire : IAsyncDisposable
{
    public const int MaxLine = 4096;
    private const int MaxLetterLine = 64 * 1024;
    private readonly IDuplexPipe transport;
    private readonly Deadline deadline;
    private readonly TimeSpan idle;
    private readonly TimeProvider time;
    private PipeReader reader;
    private PipeWriter writer;
    private SslStream? tls;
    private volatile bool interrupted;

    // Once the input has ended, octets that did not suffice the last time will not suffice now.
    private long leftAtEnd;

    public ReceiverWire(IDuplexPipe transport, TimeSpan idle, TimeProvider time)
    {
        (this.transport, this.idle, this.time, reader, writer) = (transport, idle, time, transport.Input, transport.Output);
        deadline = new Deadline(time, Wake);
    }

    public bool IsEncrypted => tls is not null;

    /// <summary>The sender was silent for too long.</summary>
    public bool IsTimedOut => deadline.HasPassed;

    /// <summary>Ends a read under way, and all later ones.</summary>
    public void Interrupt()
    {
        interrupted = true;
        Wake();
    }

    public void Reply(SmtpReply reply)
    {
        var lines = reply.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var enhanced = reply.Enhanced is { } e ? e + " " : "";
            Encoding.UTF8.GetBytes($"{reply.Code}{(i < lines.Length - 1 ? '-' : ' ')}{enhanced}{lines[i]}\r\n", writer);
        }
    }

    /// <summary>Sends the last replies; a sender that doesn't read them is not waited for.</summary>
    public async ValueTask SayGoodbyeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        try
        {
            // A wake-up that found no flush under way cancels the next one.
            if ((await writer.FlushAsync(patience.Token)).IsCanceled)
                await writer.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It may find out for itself.
        }
    }

    /// <returns>A line without its CRLF; null at the end of input, a timeout or an interruption.</returns>
    /// <exception cref="FormatException">Longer than <see cref="MaxLine"/>, or with a bare CR or LF; it has been skipped.</exception>
    public async ValueTask<string?> ReadLineAsync()
    {
        var tooLong = false;
        while (await ReadAsync() is { } buffer)
        {
            var lf = buffer.PositionOf((byte)'\n');
            if (lf is not { } end)
            {
                tooLong |= buffer.Length > MaxLine;
                reader.AdvanceTo(tooLong ? buffer.End : buffer.Start, buffer.End);
                continue;
            }
            var line = Encoding.UTF8.GetString(buffer.Slice(0, Math.Min(buffer.GetOffset(end) - buffer.GetOffset(buffer.Start), MaxLine)));
            reader.AdvanceTo(buffer.GetPosition(1, end));
            if (tooLong || line.Length >= MaxLine)
                throw new FormatException("line too long");
            if (!line.EndsWith('\r') || line.AsSpan(..^1).IndexOfAny('\r', '\0') >= 0)
                throw new FormatException("a line ends with CRLF and holds neither CR nor LF");
            return line[..^1];
        }
        return null;
    }

    /// <summary>Reads up to CRLF . CRLF, and nothing else ends it: <c>LF . LF</c> is content (SMTP smuggling).</summary>
    /// <returns>False: the input ended first, or went beyond all limits.</returns>
    public async ValueTask<bool> ReadLetterAsync(LetterStore into)
    {
        var atLineStart = true;
        while (!into.IsHopeless && await ReadAsync() is { } buffer)
        {
            var rest = new SequenceReader<byte>(buffer);
            var ended = false;
            while (!ended && rest.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
                ended = TakeLine(line, into, ref atLineStart);
            if (!ended && rest.Remaining > MaxLetterLine)
            {
                // All but the last octet, which may be the CR of a CRLF.
                into.Add(buffer.Slice(rest.Position, rest.Remaining - 1));
                rest.Advance(rest.Remaining - 1);
                atLineStart = false;
            }
            reader.AdvanceTo(rest.Position, ended ? rest.Position : buffer.End);
            if (ended)
                return true;
        }
        return false;
    }

    /// <returns>False: the input ended first, or went beyond all limits.</returns>
    public async ValueTask<bool> ReadChunkAsync(long length, LetterStore into)
    {
        while (length > 0)
        {
            if (into.IsHopeless || await ReadAsync() is not { } buffer)
                return false;
            var take = buffer.Slice(0, Math.Min(length, buffer.Length));
            into.Add(take);
            length -= take.Length;
            reader.AdvanceTo(take.End);
        }
        return true;
    }

    /// <returns>
    /// False: the handshake failed, or input was already waiting, which can only be an attempt to slip commands in before it.
    /// </returns>
    public async ValueTask<bool> EncryptAsync(X509Certificate2 certificate, CancellationToken ct)
    {
        if (reader.TryRead(out var early))
        {
            var isEmpty = early.Buffer.IsEmpty;
            reader.AdvanceTo(early.Buffer.Start);
            if (!isEmpty)
                return false;
        }
        await writer.FlushAsync(ct);
        tls = new SslStream(new DuplexPipeStream(transport));
        try
        {
            deadline.Arm(idle);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct);
            deadline.Disarm();
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
        {
            return false;
        }
        (reader, writer) = (PipeReader.Create(tls), PipeWriter.Create(tls));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        deadline.Dispose();
        if (tls is null)
            return;
        if (reader != transport.Input)
        {
            await reader.CompleteAsync();
            await writer.CompleteAsync();
        }
        await tls.DisposeAsync();
    }

    private void Wake()
    {
        reader.CancelPendingRead();
        writer.CancelPendingFlush();
    }

    private static bool TakeLine(ReadOnlySequence<byte> line, LetterStore into, ref bool atLineStart)
    {
        var length = line.Length;
        var endsWithCr = length > 0 && line.Slice(length - 1).FirstSpan[0] == '\r';
        var leadingDot = atLineStart && length > 0 && line.FirstSpan[0] == '.';
        if (leadingDot && endsWithCr && length == 2)
            return true;
        into.Add(leadingDot ? line.Slice(1) : line);
        into.Add("\n"u8);
        atLineStart = endsWithCr;
        return false;
    }

    private async ValueTask<ReadOnlySequence<byte>?> ReadAsync()
    {
        if (interrupted)
            return null;
        if (!reader.TryRead(out var result))
        {
            // The deadline covers the flush, too: a sender that doesn't read our replies must not hold us.
            deadline.Arm(idle);
            await writer.FlushAsync();
            result = await reader.ReadAsync();
            deadline.Disarm();
        }
        var isOver = result.IsCanceled || (result.IsCompleted && result.Buffer.Length == leftAtEnd);
        leftAtEnd = result.IsCompleted ? result.Buffer.Length : 0;
        if (!isOver)
            return result.Buffer;
        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        return null;
    }
}
