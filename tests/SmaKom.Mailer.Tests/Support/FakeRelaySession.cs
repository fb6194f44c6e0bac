using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>One connection to a <see cref="FakeRelay"/>. Replies wait until the input is drained, as RFC 2920 §3.2 wants.</summary>
internal sealed class FakeRelaySession(FakeRelay relay, Socket socket, int number)
{
    private readonly byte[] input = new byte[65536];
    private readonly StringBuilder replies = new();
    private readonly FakeRelayAuth auth = new(relay.Options);
    private Stream stream = new NetworkStream(socket);
    private int start;
    private int end;
    private bool encrypted;
    private bool closing;
    private int accepted;
    private string helo = "";
    private string? from;
    private string mailParameters = "";
    private string rcptParameters = "";
    private readonly List<string> recipients = [];
    private MemoryStream chunks = new();

    public async Task RunAsync(bool oneTooMany)
    {
        if (relay.Options.ImplicitTls)
            await EncryptAsync();
        if (oneTooMany)
        {
            Reply("421 4.7.0 too many connections");
            await CloseAsync();
            return;
        }
        if (!await StruckAsync("connect"))
            Reply("220 relay.example ESMTP ready");
        while (!closing && await ReadLineAsync() is { } line)
        {
            relay.NoteCommand(line);
            // A chunk travels right behind its own BDAT: no liar could lose that.
            if (relay.Options.LiesAboutPipelining && !line.StartsWith("BDAT", StringComparison.OrdinalIgnoreCase))
                start = end;
            await ObeyAsync(line);
        }
        await CloseAsync();
    }

    // Closing with unread input sends RST, which would destroy replies that are still under way: say FIN, then read on.
    private async Task CloseAsync()
    {
        await FlushAsync();
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(input, relay.Stopping) > 0)
        {
        }
    }

    private async Task ObeyAsync(string line)
    {
        var verb = line.Split(' ', ':')[0].ToUpperInvariant();
        if (verb is "EHLO" or "HELO")
            helo = line[4..].Trim();
        if (relay.Options.CloseAfterMessages is { } most && accepted >= most && verb != "QUIT")
        {
            Reply("421 4.7.0 that is enough for one connection");
            closing = true;
            return;
        }
        if (verb is not "BDAT" && await StruckAsync(verb))
            return;
        switch (verb)
        {
            case "EHLO" when relay.Options.OnlyHelo: Reply("502 5.5.1 what?"); break;
            case "EHLO": Greet(); break;
            case "HELO": Reply("250 relay.example"); break;
            case "STARTTLS": await StartTlsAsync(); break;
            case "AUTH": await AuthenticateAsync(line); break;
            case "MAIL": Mail(line); break;
            case "RCPT": Rcpt(line); break;
            case "DATA": await DataAsync(); break;
            case "BDAT": await BdatAsync(line); break;
            case "RSET": Forget(); Reply("250 2.0.0 forgotten"); break;
            case "NOOP": Reply("250 2.0.0 here"); break;
            case "QUIT": Reply("221 2.0.0 bye"); closing = true; break;
            default: Reply("500 5.5.2 what?"); break;
        }
    }

    private void Greet()
    {
        var o = relay.Options;
        var offers = new List<string> { "relay.example", "ENHANCEDSTATUSCODES" };
        if (o.Pipelining || o.LiesAboutPipelining) offers.Add("PIPELINING");
        if (o.Chunking) offers.Add("CHUNKING");
        if (o.Smtputf8) offers.Add("SMTPUTF8");
        if (o.EightBitMime) offers.Add("8BITMIME");
        if (o.Dsn) offers.Add("DSN");
        if (o.Size is { } size) offers.Add($"SIZE {size}");
        if (o.Certificate is not null && !encrypted) offers.Add("STARTTLS");
        if (o.Username is not null) offers.Add("AUTH " + o.AuthMechanisms);
        for (var i = 0; i < offers.Count; i++)
            Reply((i < offers.Count - 1 ? "250-" : "250 ") + offers[i]);
        Forget();
    }

    private async Task StartTlsAsync()
    {
        Reply("220 2.0.0 go ahead");
        if (relay.Options.InjectsBeforeTls)
            Reply("250 injected.example");
        await FlushAsync();
        await EncryptAsync();
    }

    private async Task EncryptAsync()
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = relay.Options.Certificate }, relay.Stopping);
        stream = tls;
        encrypted = true;
    }

    private async Task AuthenticateAsync(string line)
    {
        var answer = auth.Begin(line);
        while (answer.StartsWith("334", StringComparison.Ordinal))
        {
            Reply(answer);
            if (await ReadLineAsync() is not { } response)
                return;
            answer = auth.Continue(response);
        }
        Reply(answer);
    }

    private void Mail(string line)
    {
        if (relay.Options.AuthRequired && !auth.Succeeded)
        {
            Reply("530 5.7.0 authenticate first");
            return;
        }
        if (from is not null)
        {
            Reply("503 5.5.1 nested MAIL");
            return;
        }
        (from, mailParameters) = Path(line);
        Reply("250 2.1.0 sender ok");
    }

    private void Rcpt(string line)
    {
        if (from is null)
        {
            Reply("503 5.5.1 MAIL first");
            return;
        }
        var (recipient, parameters) = Path(line);
        if (Is(recipient, "closing"))
        {
            Reply("421 4.3.2 closing down");
            closing = true;
        }
        else if (Is(recipient, "permfail") && !Is(recipient, "permfail-data"))
            Reply("550 5.1.1 no such user");
        else if (Is(recipient, "tempfail") && !Is(recipient, "tempfail-data"))
            Reply("450 4.2.1 not now");
        else if (Is(recipient, "greylist") && relay.IsGreylisted(recipient))
            Reply("451 4.7.1 greylisted, come back later");
        else
        {
            recipients.Add(recipient);
            rcptParameters = parameters;
            Reply("250 2.1.5 recipient ok");
        }
    }

    private async Task DataAsync()
    {
        if (recipients.Count == 0 && !relay.Options.StartsDataWithoutRecipient)
        {
            Reply("554 5.5.1 no valid recipients");
            return;
        }
        if (recipients.Exists(r => Is(r, "hangup-before-data")))
        {
            HangUp();
            return;
        }
        Reply("354 end with a dot");
        var body = new MemoryStream();
        while (true)
        {
            if (await ReadLineBytesAsync() is not { } line)
            {
                HangUp();
                return;
            }
            if (line is [(byte)'.'])
                break;
            body.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            body.Write("\r\n"u8);
        }
        await EndAsync(body.ToArray());
    }

    private async Task BdatAsync(string line)
    {
        var words = line.Split(' ');
        var chunk = await ReadExactlyAsync(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
        if (chunk is null)
        {
            HangUp();
            return;
        }
        if (await StruckAsync("BDAT"))
            return;
        if (recipients.Count == 0)
        {
            Reply("503 5.5.1 no valid recipients");
            return;
        }
        if (recipients.Exists(r => Is(r, "hangup-before-data")))
        {
            HangUp();
            return;
        }
        chunks.Write(chunk);
        if (words.Length < 3)
            Reply($"250 2.0.0 {chunk.Length} octets");
        else
            await EndAsync(chunks.ToArray());
    }

    private async Task EndAsync(byte[] bytes)
    {
        if (await StruckAsync("."))
            return;
        if (recipients.Count == 0)
            Reply("554 5.5.1 no valid recipients");
        else if (recipients.Exists(r => Is(r, "tempfail-data")))
            Reply("451 4.3.0 not now");
        else if (recipients.Exists(r => Is(r, "permfail-data")))
            Reply("554 5.6.0 not this");
        else
        {
            relay.Accept(new(from!, mailParameters, [.. recipients], rcptParameters, bytes, relay.Options.Time.GetUtcNow(), number) { Helo = helo });
            accepted++;
            if (recipients.Exists(r => Is(r, "hangup-after-data")))
            {
                HangUp();
                return;
            }
            if (recipients.Exists(r => Is(r, "slow")))
                await Task.Delay(relay.Options.SlowFor, relay.Options.Time, relay.Stopping);
            Reply($"250 2.0.0 ok queued as {number}-{accepted}");
        }
        Forget();
    }

    private async Task<bool> StruckAsync(string command)
    {
        if (relay.FaultAt(command) is not { } fault)
            return false;
        switch (fault.Act)
        {
            case FakeRelayAct.Hang:
                await FlushAsync();
                relay.NoteHang();
                // Reads on, so that the client's writes succeed, until the client gives up.
                while (await stream.ReadAsync(input, relay.Stopping) > 0)
                {
                }
                HangUp();
                break;
            case FakeRelayAct.Closing: Reply("421 4.3.2 closing down"); closing = true; break;
            case FakeRelayAct.Drop: HangUp(); break;
            case FakeRelayAct.Answer: Reply(fault.Reply); if (command == ".") Forget(); break;
        }
        return true;
    }

    // Replies to earlier commands still go out: they were earned.
    private void HangUp() => closing = true;

    private void Forget()
    {
        from = null;
        recipients.Clear();
        chunks = new();
    }

    private static bool Is(string recipient, string behaviour) =>
        recipient.StartsWith(behaviour, StringComparison.OrdinalIgnoreCase);

    private static (string Address, string Parameters) Path(string line)
    {
        var (open, close) = (line.IndexOf('<', StringComparison.Ordinal), line.IndexOf('>', StringComparison.Ordinal));
        return (line[(open + 1)..close], line[(close + 1)..].Trim());
    }

    private void Reply(string line) => replies.Append(line).Append("\r\n");

    private async Task FlushAsync()
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

    private async Task<string?> ReadLineAsync() =>
        await ReadLineBytesAsync() is { } line ? Encoding.UTF8.GetString(line) : null;

    // Only CRLF ends a line: a bare LF is content, so that a client that sends one is caught by comparing bytes.
    private async Task<byte[]?> ReadLineBytesAsync()
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

    private async Task<byte[]?> ReadExactlyAsync(int count)
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
