using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>The bytes of one connection to a <see cref="FakeRelay"/>. Replies wait until the input is drained, as RFC 2920 §3.2 wants.</summary>
internal sealed class FakeRelayWire(FakeRelay relay, Socket socket)
{
    private readonly byte[] input = new byte[65536];
    private readonly StringBuilder replies = new();
    private Stream stream = new NetworkStream(socket);
    private int start;
    private int end;

    public bool IsEncrypted { get; private set; }

    public void Reply(string line) => replies.Append(line).Append("\r\n");

    public async Task FlushAsync()
    {
        if (replies.Length == 0)
            return;
        var bytes = Encoding.UTF8.GetBytes(replies.ToString());
        replies.Clear();
        relay.NoteTurn();
        if (relay.Options.Latency > TimeSpan.Zero)
            await Task.Delay(relay.Options.Latency, relay.Options.Time, relay.Stopping);
        await stream.WriteAsync(bytes, relay.Stopping);
    }

    public async Task EncryptAsync()
    {
        await FlushAsync();
        if (relay.Options.OnlyOldTls)
        {
            await stream.ReadExactlyAsync(new byte[5], relay.Stopping);
            await stream.WriteAsync(new byte[] { 0x15, 3, 1, 0, 2, 2, 70 }, relay.Stopping);
            throw new IOException("No common version");
        }
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = relay.Options.Certificate }, relay.Stopping);
        stream = tls;
        IsEncrypted = true;
    }

    /// <summary>The next line without its CRLF; null when the client has gone.</summary>
    public async Task<string?> ReadLineAsync() =>
        await ReadLineBytesAsync() is { } line ? Encoding.UTF8.GetString(line) : null;

    // Only CRLF ends a line: a bare LF is content, so that a client that sends one is caught by comparing bytes.
    public async Task<byte[]?> ReadLineBytesAsync()
    {
        var line = new MemoryStream();
        while (true)
        {
            var crlf = input.AsSpan(start, end - start).IndexOf("\r\n"u8);
            if (crlf >= 0)
            {
                line.Write(input, start, crlf);
                start += crlf + 2;
                return line.ToArray();
            }
            // A CR at the very end may be half of a CRLF: keep it.
            var keep = end > start && input[end - 1] == '\r' ? 1 : 0;
            line.Write(input, start, end - start - keep);
            start = end - keep;
            if (!await FillAsync())
                return null;
        }
    }

    /// <summary>So many bytes; null when the client goes before they have come.</summary>
    public async Task<byte[]?> ReadExactlyAsync(int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            if (start == end && !await FillAsync())
                return null;
            var take = Math.Min(count - done, end - start);
            input.AsSpan(start, take).CopyTo(bytes.AsSpan(done));
            start += take;
            done += take;
        }
        return bytes;
    }

    /// <summary>Throws away what has come and is not yet read, as a server that only claims to know PIPELINING.</summary>
    public void LoseUnread() => start = end;

    /// <summary>Reads and forgets until the client gives up, so that its writes succeed and only its patience ends.</summary>
    public async Task HangAsync()
    {
        while (await stream.ReadAsync(input, relay.Stopping) > 0)
        {
        }
    }

    /// <summary>A reply that never ends, an octet at a time, until the client goes away.</summary>
    public async Task DripAsync()
    {
        replies.Append("250-");
        await FlushAsync();
        while (true)
        {
            await stream.WriteAsync("x"u8.ToArray(), relay.Stopping);
            await Task.Delay(TimeSpan.FromMilliseconds(10), relay.Stopping);
        }
    }

    // Closing with unread input sends RST, which would destroy replies that are still under way: say FIN, then read on.
    public async Task CloseAsync()
    {
        await FlushAsync();
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(input, relay.Stopping) > 0)
        {
        }
    }

    private async Task<bool> FillAsync()
    {
        await FlushAsync();
        input.AsSpan(start, end - start).CopyTo(input);
        (start, end) = (0, end - start);
        var read = await stream.ReadAsync(input.AsMemory(end), relay.Stopping);
        end += read;
        return read > 0;
    }
}
