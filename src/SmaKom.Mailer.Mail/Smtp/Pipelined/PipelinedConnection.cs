namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>
/// Sends letters over one session after another: where the relay ends a session after its share of letters, or an
/// announced letter did not come, a new one is opened on the spot.
/// </summary>
internal sealed class PipelinedConnection(PipelinedTransport transport, RelayEndpoint relay, PipelinedSession session, TimeProvider time)
    : IMailConnection
{
    public bool IsUsable { get; private set; } = true;

    public bool Pipelining => session.Pipelining;

    public bool Chunking => session.Chunking;

    public async ValueTask<SendResult> SendAsync(OutgoingLetter letter, IntentGate gate, Envelope? next, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!IsUsable)
            throw new InvalidOperationException("The connection is gone: open a new one");
        var since = time.GetTimestamp();
        var shape = LetterShape.Of(letter.Message.Span);
        var commands = Commands(letter, shape);
        var verdict = commands.Undeliverable is { } why
            ? new SmtpVerdict(SendStatus.Refused, why, "MAIL FROM")
            : await TransactAsync(letter, shape, commands, gate, next, ct);
        return new SendResult(verdict.Status, verdict.Reply, verdict.Stage, time.GetElapsedTime(since));
    }

    public async ValueTask<SmtpReply> NoopAsync(CancellationToken ct)
    {
        try
        {
            using var cancellation = session.Wire.AbortOn(ct);
            return await session.Wire.AskAsync("NOOP", "NOOP", relay.Timeouts.Command);
        }
        catch
        {
            await DropAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!IsUsable)
            return;
        IsUsable = false;
        // After an announced DATA, QUIT would be the first line of a letter.
        if (session.Announced is null || session.Chunking)
            await SayGoodbyeAsync();
        else
            await session.Wire.HangUpAsync();
        await session.Wire.DisposeAsync();
    }

    private EnvelopeCommands Commands(OutgoingLetter letter, LetterShape shape) =>
        EnvelopeCommands.For(letter.Envelope, session.Offers, shape.SizeOf(letter.Message.Length), shape.EightBit);

    private async ValueTask<SmtpVerdict> TransactAsync(
        OutgoingLetter letter, LetterShape shape, EnvelopeCommands commands, IntentGate gate, Envelope? next, CancellationToken ct)
    {
        try
        {
            if (session.Announced is { } announced && (announced.Envelope != letter.Envelope || (shape.EightBit && !announced.EightBit)))
                await ForgetAnnouncedAsync(ct);
            SmtpVerdict verdict;
            try
            {
                verdict = await OnceAsync(commands);
            }
            catch (RelayException e) when (RelayHabits.HasHadItsShare(e, session.Answered))
            {
                await ReopenAsync(ct);
                commands = Commands(letter, shape);
                verdict = commands.Undeliverable is { } why ? new(SendStatus.Refused, why, "MAIL FROM") : await OnceAsync(commands);
            }
            if (session.Pipelining && verdict.HasLostStep)
                transport.Distrust(relay);
            if (session.MustClose)
                await DropAsync();
            return verdict;
        }
        catch (Exception e)
        {
            if (session.Pipelining && RelayHabits.LooksLikeLostCommands(e))
                transport.Distrust(relay);
            await DropAsync();
            throw;
        }

        async ValueTask<SmtpVerdict> OnceAsync(EnvelopeCommands current)
        {
            await using var cancellation = session.Wire.AbortOn(ct);
            var transaction = new PipelinedTransaction(session, relay, letter, shape, current, gate, next);
            var verdict = await transaction.AgreeAsync() ?? await transaction.DeliverAsync(cancellation, ct);
            if (verdict.Reply is not null)
                session.Answered++;
            return verdict;
        }
    }

    private async ValueTask ForgetAnnouncedAsync(CancellationToken ct)
    {
        session.Announced = null;
        if (!session.Chunking)
        {
            // DATA is under way, and whatever we sent would be a letter.
            await ReopenAsync(ct);
            return;
        }
        try
        {
            using var cancellation = session.Wire.AbortOn(ct);
            await session.Wire.ReadReplyAsync("MAIL FROM", relay.Timeouts.Mail);
            await session.Wire.ReadReplyAsync("RCPT TO", relay.Timeouts.Rcpt);
            session.NeedsReset = true;
        }
        catch (RelayException)
        {
            // Whatever it thought of that letter is not this one's affair.
            await ReopenAsync(ct);
        }
    }

    private async ValueTask ReopenAsync(CancellationToken ct)
    {
        await session.Wire.HangUpAsync();
        await session.Wire.DisposeAsync();
        session = await transport.OpenAsync(relay, null, ct);
    }

    private async ValueTask DropAsync()
    {
        IsUsable = false;
        await session.Wire.HangUpAsync();
        await session.Wire.DisposeAsync();
    }

    private async ValueTask SayGoodbyeAsync()
    {
        try
        {
            var unread = session.Announced is null ? 0 : 2;
            session.Wire.Append("QUIT\r\n");
            await session.Wire.FlushAsync("QUIT", relay.Timeouts.Quit);
            for (; unread >= 0; unread--)
                await session.Wire.ReadReplyAsync("QUIT", relay.Timeouts.Quit);
        }
        catch (RelayException)
        {
            // Nothing depends on the goodbye.
        }
    }
}
