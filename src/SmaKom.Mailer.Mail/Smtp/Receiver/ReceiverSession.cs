using System.Globalization;
using System.Net;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>The state of one session and the answer to each command (RFC 5321 §4.1.4).</summary>
internal sealed class ReceiverSession(
    ReceiverWire wire, IMessageSink sink, SmtpReceiverOptions options, Func<Envelope, SmtpReply?>? policy, TimeProvider time, EndPoint? remote)
{
    private readonly List<string> recipients = [];
    private string? helo;
    private string? user;
    private string? from;
    private bool smtputf8;
    private LetterStore? chunks;
    private int errors;
    private bool isOver;

    public async Task RunAsync(CancellationToken ct)
    {
        Say(220, null, $"{options.HostName} {(options.IsLmtp ? "LMTP" : "ESMTP")}");
        while (!isOver)
            await ObeyAsync(ct);
        await wire.SayGoodbyeAsync();
    }

    private async Task ObeyAsync(CancellationToken ct)
    {
        string? line;
        try
        {
            line = await wire.ReadLineAsync();
        }
        catch (FormatException e)
        {
            Object(500, new(5, 5, 2), e.Message);
            return;
        }
        if (line is null)
        {
            End(wire.IsTimedOut ? new(421, new(4, 4, 2), "silent for too long") : ct.IsCancellationRequested ? new(421, new(4, 3, 2), "closing down")
                : null);
            return;
        }
        var (verb, argument) = Split(line);
        switch (verb)
        {
            case "EHLO" or "HELO" when !options.IsLmtp: Greet(verb, argument); break;
            case "LHLO" when options.IsLmtp: Greet(verb, argument); break;
            case "STARTTLS": await StartTlsAsync(argument, ct); break;
            case "AUTH": await AuthenticateAsync(argument, ct); break;
            case "MAIL": Mail(argument); break;
            case "RCPT": Rcpt(argument); break;
            case "DATA": await DataAsync(argument, ct); break;
            case "BDAT": await BdatAsync(argument, ct); break;
            case "RSET": Forget(); Say(250, new(2, 0, 0), "forgotten"); break;
            case "NOOP": Say(250, new(2, 0, 0), "ok"); break;
            // RFC 5321 §3.5.3: whether an address exists is nobody's business before there is mail for it.
            case "VRFY": Say(252, new(2, 0, 0), "send it, and see"); break;
            case "QUIT": End(new(221, new(2, 0, 0), "bye")); break;
            default: Object(500, new(5, 5, 2), "unknown command"); break;
        }
    }

    private void Greet(string verb, string argument)
    {
        if (argument.Length == 0)
        {
            Object(501, new(5, 5, 4), "say who you are");
            return;
        }
        helo = argument;
        Forget();
        if (verb == "HELO")
        {
            Say(250, null, options.HostName);
            return;
        }
        List<string> offers = [options.HostName, "PIPELINING", $"SIZE {options.MaxMessageSize}", "8BITMIME", "ENHANCEDSTATUSCODES"];
        if (options.Smtputf8)
            offers.Add("SMTPUTF8");
        if (options.Chunking)
            offers.Add("CHUNKING");
        if (options.Certificate is not null && !wire.IsEncrypted)
            offers.Add("STARTTLS");
        if (OffersAuth)
            offers.Add("AUTH PLAIN LOGIN");
        Say(250, null, string.Join('\n', offers));
    }

    private bool OffersAuth => options.Authenticate is not null && (wire.IsEncrypted || options.AllowPlaintextAuth);

    private async Task StartTlsAsync(string argument, CancellationToken ct)
    {
        if (options.Certificate is null || wire.IsEncrypted || argument.Length > 0)
        {
            Object(503, new(5, 5, 1), "no STARTTLS here");
            return;
        }
        Say(220, new(2, 0, 0), "go ahead");
        isOver = !await wire.EncryptAsync(options.Certificate, ct);
        // RFC 3207 §4.2: nothing that was said in plaintext is remembered.
        (helo, user) = (null, null);
        Forget();
    }

    private async Task AuthenticateAsync(string argument, CancellationToken ct)
    {
        if (!OffersAuth || user is not null || helo is null || from is not null)
        {
            Object(503, new(5, 5, 1), "no AUTH now");
            return;
        }
        var dialogue = new ReceiverAuthentication(wire, options.Authenticate!);
        var reply = await dialogue.RunAsync(argument, ct);
        user = dialogue.User;
        if (reply.IsPermanent)
            errors++;
        wire.Reply(reply);
        EndIfTooManyErrors();
    }

    private void Mail(string argument)
    {
        if (helo is null || from is not null)
            Object(503, new(5, 5, 1), helo is null ? options.IsLmtp ? "LHLO first" : "EHLO first" : "one sender is enough");
        else if (options.RequireAuthentication && user is null)
            Object(530, new(5, 7, 0), "authenticate first");
        else if (Path(argument, "FROM:") is { } path)
        {
            var unknown = path.Parameters.Keys.FirstOrDefault(p => p.ToUpperInvariant() is not ("SIZE" or "BODY")
                && !(p.Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase) && options.Smtputf8));
            if (unknown is not null)
                Object(555, new(5, 5, 4), "unknown parameter");
            else if (long.TryParse(path.Parameters.GetValueOrDefault("SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && size > options.MaxMessageSize)
                Object(552, new(5, 3, 4), "too large");
            else if (!path.IsAscii && !path.Parameters.ContainsKey("SMTPUTF8"))
                Object(553, new(5, 6, 7), "needs SMTPUTF8");
            else
            {
                from = path.Address;
                smtputf8 = path.Parameters.ContainsKey("SMTPUTF8");
                Say(250, new(2, 1, 0), "ok");
            }
        }
    }

    private void Rcpt(string argument)
    {
        if (from is null)
            Object(503, new(5, 5, 1), "MAIL first");
        else if (recipients.Count >= options.MaxRecipients)
            Say(452, new(4, 5, 3), "too many recipients");
        else if (Path(argument, "TO:") is { } path)
        {
            if (path.Address.Length == 0 || path.Parameters.Count > 0)
                Object(path.Address.Length == 0 ? 501 : 555, new(5, 5, 4), path.Address.Length == 0 ? "no recipient" : "unknown parameter");
            else if (!path.IsAscii && !smtputf8)
                Object(553, new(5, 6, 7), "needs SMTPUTF8");
            else if (policy?.Invoke(new Envelope(from, path.Address)) is { IsPositive: false } no)
                wire.Reply(no);
            else
            {
                recipients.Add(path.Address);
                Say(250, new(2, 1, 5), "ok");
            }
        }
    }

    private async Task DataAsync(string argument, CancellationToken ct)
    {
        if (recipients.Count == 0 || chunks is not null || argument.Length > 0)
        {
            Object(503, new(5, 5, 1), recipients.Count == 0 ? "no valid recipients" : "out of sequence");
            return;
        }
        Say(354, null, "end with CRLF . CRLF");
        var letter = new LetterStore(options.MaxMessageSize);
        if (await wire.ReadLetterAsync(letter))
            await AcceptAsync(letter, ct);
        else
            End(wire.IsTimedOut ? new(421, new(4, 4, 2), "silent for too long") : letter.IsHopeless ? new(552, new(5, 3, 4), "too large") : null);
    }

    private async Task BdatAsync(string argument, CancellationToken ct)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!options.Chunking || words.Length is 0 or > 2 || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || (words.Length == 2 && !words[1].Equals("LAST", StringComparison.OrdinalIgnoreCase)))
        {
            // Where the chunk ends is not known: its text would be read as commands.
            End(new(501, new(5, 5, 4), "BDAT needs a length"));
            return;
        }
        var letter = recipients.Count == 0 ? new LetterStore(options.MaxMessageSize) : chunks ??= new LetterStore(options.MaxMessageSize);
        if (!await wire.ReadChunkAsync(length, letter))
            End(wire.IsTimedOut ? new(421, new(4, 4, 2), "silent for too long") : letter.IsHopeless ? new(552, new(5, 3, 4), "too large") : null);
        else if (recipients.Count == 0)
            Object(503, new(5, 5, 1), "no valid recipients");
        else if (words.Length == 2)
            await AcceptAsync(letter, ct);
        else
            Say(250, new(2, 0, 0), $"{length} octets");
    }

    private async Task AcceptAsync(LetterStore letter, CancellationToken ct)
    {
        SmtpReply? objection = letter.IsTooLarge ? new(552, new(5, 3, 4), "too large")
            : !options.AcceptBareLineEnds && LetterShape.HasBareLineEnd(letter.Bytes.Span)
            ? new(550, new(5, 6, 0), "a CR or LF that is not part of CRLF")
            : null;
        var reply = objection
            ?? await OfferAsync(new(from!, [.. recipients], letter.Bytes, time.GetUtcNow(), helo!, remote, wire.IsEncrypted, user), ct);
        // RFC 2033 §4.2: one for each recipient that was accepted.
        for (var left = options.IsLmtp ? recipients.Count : 1; left > 0; left--) wire.Reply(reply);
        Forget();
        if (objection is null) return;
        errors++;
        EndIfTooManyErrors();
    }

    private async ValueTask<SmtpReply> OfferAsync(ReceivedMessage message, CancellationToken ct)
    {
        try
        {
            return await sink.AcceptAsync(message, ct);
        }
#pragma warning disable CA1031 // Whatever the sink's trouble is, it is not the sender's: 451 makes it try again.
        catch (Exception)
        {
            return new(451, new(4, 3, 0), "not now");
        }
#pragma warning restore CA1031
    }

    private PathArgument? Path(string argument, string keyword)
    {
        try
        {
            if (argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
                return PathArgument.Parse(argument[keyword.Length..]);
            Object(501, new(5, 5, 4), $"{keyword}<address> expected");
        }
        catch (FormatException e)
        {
            Object(501, new(5, 1, keyword == "TO:" ? 3 : 7), e.Message);
        }
        return null;
    }

    private void Forget()
    {
        (from, smtputf8, chunks) = (null, false, null);
        recipients.Clear();
    }

    private void Say(int code, EnhancedCode? enhanced, string text) => wire.Reply(new(code, enhanced, text));

    private void Object(int code, EnhancedCode enhanced, string text)
    {
        Say(code, enhanced, text);
        errors++;
        EndIfTooManyErrors();
    }

    private void EndIfTooManyErrors()
    {
        if (errors > options.MaxErrors && !isOver)
            End(new(421, new(4, 7, 0), "too many errors"));
    }

    private void End(SmtpReply? reply)
    {
        if (reply is not null)
            wire.Reply(reply);
        isOver = true;
    }

    private static (string Verb, string Argument) Split(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line.ToUpperInvariant(), "") : (line[..space].ToUpperInvariant(), line[(space + 1)..].Trim(' '));
    }
}
