using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>What is said on one connection to a <see cref="FakeRelay"/>.</summary>
internal sealed class FakeRelaySession(FakeRelay relay, Socket socket, int number)
{
    private readonly FakeRelayWire wire = new(relay, socket);
    private readonly FakeRelayAuth auth = new(relay.Options);
    private bool closing;
    private bool ended;
    private int accepted;
    private string helo = "";
    private string? said;
    private string? from;
    private string mailParameters = "";
    private string rcptParameters = "";
    private readonly List<string> recipients = [];
    private MemoryStream chunks = new();

    public async Task RunAsync(bool oneTooMany)
    {
        if (relay.Options.ImplicitTls)
            await wire.EncryptAsync();
        if (oneTooMany)
        {
            wire.Reply("421 4.7.0 too many connections");
            End();
            await wire.CloseAsync();
            return;
        }
        if (!await StruckAsync("connect"))
            wire.Reply("220 relay.example ESMTP ready");
        while (!closing && await wire.ReadLineAsync() is { } line)
        {
            relay.NoteCommand(line);
            // A chunk travels right behind its own BDAT: no liar could lose that.
            if (relay.Options.LiesAboutPipelining && !line.StartsWith("BDAT", StringComparison.OrdinalIgnoreCase))
                wire.LoseUnread();
            await ObeyAsync(line);
        }
        // Before its client can see it: that one may open another at once.
        End();
        await wire.CloseAsync();
    }

    /// <summary>The connection does not count any more: its client may open another one as soon as it reads the reply to QUIT.</summary>
    public void End()
    {
        if (ended)
            return;
        ended = true;
        relay.NoteEnd();
    }

    private async Task ObeyAsync(string line)
    {
        var verb = line.Split(' ', ':')[0].ToUpperInvariant();
        if (verb is "EHLO" or "HELO")
            helo = line[4..].Trim();
        if (relay.Options.CloseAfterMessages is { } most && accepted >= most && verb != "QUIT")
        {
            wire.Reply("421 4.7.0 that is enough for one connection");
            closing = true;
            return;
        }
        said = null;
        if (verb is not "BDAT" && await StruckAsync(verb))
            return;
        switch (verb)
        {
            case "EHLO" when relay.Options.OnlyHelo: wire.Reply("502 5.5.1 what?"); break;
            case "EHLO": Greet(); break;
            case "HELO": wire.Reply("250 relay.example"); break;
            case "STARTTLS": await StartTlsAsync(); break;
            case "AUTH": await AuthenticateAsync(line); break;
            case "MAIL": Mail(line); break;
            case "RCPT": Rcpt(line); break;
            case "DATA": await DataAsync(); break;
            case "BDAT": await BdatAsync(line); break;
            case "RSET": Forget(); wire.Reply("250 2.0.0 forgotten"); break;
            case "NOOP": wire.Reply("250 2.0.0 here"); break;
            case "QUIT": End(); wire.Reply("221 2.0.0 bye"); closing = true; break;
            default: wire.Reply("500 5.5.2 what?"); break;
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
        if (o.Certificate is not null && !wire.IsEncrypted) offers.Add("STARTTLS");
        if (o.Username is not null) offers.Add("AUTH " + o.AuthMechanisms);
        for (var i = 0; i < offers.Count; i++)
            wire.Reply((i < offers.Count - 1 ? "250-" : "250 ") + offers[i]);
        Forget();
    }

    private async Task StartTlsAsync()
    {
        wire.Reply("220 2.0.0 go ahead");
        if (relay.Options.InjectsBeforeTls)
            wire.Reply("250 injected.example");
        await wire.EncryptAsync();
    }

    private async Task AuthenticateAsync(string line)
    {
        var answer = auth.Begin(line);
        while (answer.StartsWith("334", StringComparison.Ordinal))
        {
            wire.Reply(answer);
            if (await wire.ReadLineAsync() is not { } response)
                return;
            answer = auth.Continue(response);
        }
        wire.Reply(answer);
    }

    private void Mail(string line)
    {
        if (relay.Options.AuthRequired && !auth.Succeeded)
        {
            wire.Reply("530 5.7.0 authenticate first");
            return;
        }
        if (from is not null)
        {
            wire.Reply("503 5.5.1 nested MAIL");
            return;
        }
        (from, mailParameters) = Path(line);
        wire.Reply("250 2.1.0 sender ok");
    }

    private void Rcpt(string line)
    {
        if (from is null)
        {
            wire.Reply("503 5.5.1 MAIL first");
            return;
        }
        var (recipient, parameters) = Path(line);
        if (Is(recipient, "closing"))
        {
            wire.Reply("421 4.3.2 closing down");
            closing = true;
        }
        else if (Is(recipient, "permfail") && !Is(recipient, "permfail-data"))
            wire.Reply("550 5.1.1 no such user");
        else if (Is(recipient, "tempfail") && !Is(recipient, "tempfail-data"))
            wire.Reply("450 4.2.1 not now");
        else if (Is(recipient, "greylist") && relay.IsGreylisted(recipient))
            wire.Reply("451 4.7.1 greylisted, come back later");
        else
        {
            recipients.Add(recipient);
            rcptParameters = parameters;
            wire.Reply(said ?? "250 2.1.5 recipient ok");
        }
    }

    private async Task DataAsync()
    {
        if (recipients.Count == 0 && !relay.Options.StartsDataWithoutRecipient)
        {
            wire.Reply("554 5.5.1 no valid recipients");
            return;
        }
        if (recipients.Exists(r => Is(r, "hangup-before-data")))
        {
            HangUp();
            return;
        }
        wire.Reply("354 end with a dot");
        var body = new MemoryStream();
        while (true)
        {
            if (await wire.ReadLineBytesAsync() is not { } line)
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
        var chunk = await wire.ReadExactlyAsync(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
        if (chunk is null)
        {
            HangUp();
            return;
        }
        if (await StruckAsync("BDAT"))
            return;
        if (recipients.Count == 0)
        {
            wire.Reply("503 5.5.1 no valid recipients");
            return;
        }
        if (recipients.Exists(r => Is(r, "hangup-before-data")))
        {
            HangUp();
            return;
        }
        chunks.Write(chunk);
        if (words.Length < 3)
            wire.Reply($"250 2.0.0 {chunk.Length} octets");
        else
            await EndAsync(chunks.ToArray());
    }

    private async Task EndAsync(byte[] bytes)
    {
        if (await StruckAsync("."))
            return;
        if (recipients.Count == 0)
            wire.Reply("554 5.5.1 no valid recipients");
        else if (recipients.Exists(r => Is(r, "tempfail-data")))
            wire.Reply("451 4.3.0 not now");
        else if (recipients.Exists(r => Is(r, "permfail-data")))
            wire.Reply("554 5.6.0 not this");
        else
        {
            if (relay.Options.MostMessages is not null)
            {
                await wire.FlushAsync();
                await relay.WaitForRoom();
            }
            relay.Accept(new(from!, mailParameters, [.. recipients], rcptParameters, bytes, relay.Options.Time.GetUtcNow(), number) { Helo = helo });
            accepted++;
            if (recipients.Exists(r => Is(r, "hangup-after-data")))
            {
                HangUp();
                return;
            }
            if (recipients.Exists(r => Is(r, "slow")))
                await Task.Delay(relay.Options.SlowFor, relay.Options.Time, relay.Stopping);
            wire.Reply($"250 2.0.0 ok queued as {number}-{accepted}");
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
                await wire.FlushAsync();
                relay.NoteHang();
                await wire.HangAsync();
                HangUp();
                break;
            case FakeRelayAct.Closing: wire.Reply("421 4.3.2 closing down"); closing = true; break;
            case FakeRelayAct.Drop: HangUp(); break;
            case FakeRelayAct.Say: said = fault.Reply; return false;
            case FakeRelayAct.AnswerAndClose: wire.Reply(fault.Reply); closing = true; break;
            case FakeRelayAct.Drip: await wire.DripAsync(); closing = true; break;
            case FakeRelayAct.Answer: wire.Reply(fault.Reply); if (command == ".") Forget(); break;
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
}
