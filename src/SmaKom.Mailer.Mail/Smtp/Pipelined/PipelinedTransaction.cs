using System.Globalization;

namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>
/// One letter on one session: agree on the envelope, let the body travel while the gate thinks, then commit.
/// Everything that fails before <see cref="CommitAsync"/> has surely not been accepted; what fails in it is in doubt.
/// </summary>
/// <remarks>
/// MAIL and RCPT are always answered before the body leaves, although BDAT would let it all go in one write: a session that
/// the relay had closed meanwhile would otherwise swallow a whole letter and leave a doubt. The round trip that this
/// costs is won back by announcing the next envelope with the end of data.
/// </remarks>
internal sealed class PipelinedTransaction(
    PipelinedSession session, RelayEndpoint relay, OutgoingLetter letter, LetterShape shape, EnvelopeCommands commands, IntentGate gate,
    Envelope? next)
{
    private const string EndStage = "end of data";
    private readonly SmtpWire wire = session.Wire;
    private readonly SmtpTimeouts timeouts = relay.Timeouts;
    private readonly long size = shape.SizeOf(letter.Message.Length);
    private bool resetIsUnread;
    private bool chunkIsUnread;

    private string BodyStage => session.Chunking ? "BDAT" : "DATA";

    private bool SendsChunkAhead => session.Chunking && session.Pipelining;

    /// <summary>MAIL, RCPT and DATA.</summary>
    /// <returns>Null: go on with <see cref="DeliverAsync"/>.</returns>
    public async ValueTask<SmtpVerdict?> AgreeAsync()
    {
        if (!session.Pipelining)
            return await AgreeStepByStepAsync();
        if (session.Announced is null)
            await SendGroupAsync();
        session.Announced = null;
        return await ReadAgreementAsync();
    }

    /// <summary>The body, the gate, the end of data.</summary>
    public async ValueTask<SmtpVerdict> DeliverAsync(CancellationTokenRegistration cancellation, CancellationToken ct)
    {
        wire.StartReading();
        bool mayGo;
        try
        {
            mayGo = await SendBodyBehindGateAsync(ct);
        }
        catch (RelayException e) when (e.Kind == RelayFailure.ConnectionLost)
        {
            if (await LastWordAsync(BodyStage) is { } word)
                return word;
            throw;
        }
        if (!mayGo)
            return await WithdrawAsync();
        if (await LastObjectionAsync() is { } objection)
            return objection;
        // From here on the letter may be the relay's, whatever happens to us: a cancellation comes too late.
        await cancellation.DisposeAsync();
        ct.ThrowIfCancellationRequested();
        return await CommitAsync();
    }

    private async ValueTask<SmtpVerdict?> AgreeStepByStepAsync()
    {
        if (session.NeedsReset)
            await wire.AskAsync("RSET", "RSET", timeouts.Command);
        session.NeedsReset = false;
        wire.Append(commands.Mail);
        await wire.FlushAsync("MAIL FROM", timeouts.Mail);
        if (SmtpVerdict.OfMail(await wire.ReadReplyAsync("MAIL FROM", timeouts.Mail), relay) is { } noMail)
            return noMail;
        session.NeedsReset = true;
        wire.Append(commands.Rcpt);
        await wire.FlushAsync("RCPT TO", timeouts.Rcpt);
        if (await ReadRcptAsync() is { } noRcpt)
            return noRcpt;
        return session.Chunking ? null : SmtpVerdict.OfBody(await wire.AskAsync("DATA", "DATA", timeouts.DataStart), 354, relay, "DATA");
    }

    private async ValueTask SendGroupAsync()
    {
        if (session.NeedsReset)
            wire.Append("RSET\r\n");
        resetIsUnread = session.NeedsReset;
        session.NeedsReset = false;
        AppendGroup(commands);
        await wire.FlushAsync("MAIL FROM", timeouts.Mail);
    }

    private async ValueTask<SmtpVerdict?> ReadAgreementAsync()
    {
        if (resetIsUnread)
            await wire.ReadReplyAsync("RSET", timeouts.Command);
        session.NeedsReset = true;
        if (SmtpVerdict.OfMail(await wire.ReadReplyAsync("MAIL FROM", timeouts.Mail), relay) is { } noMail)
            return await EndGroupAsync(noMail, rcptIsUnread: true);
        if (await ReadRcptAsync() is { } noRcpt)
            return await EndGroupAsync(noRcpt, rcptIsUnread: false);
        return session.Chunking ? null : SmtpVerdict.OfBody(await wire.ReadReplyAsync("DATA", timeouts.DataStart), 354, relay, "DATA");
    }

    /// <summary>Reads what else answers the group. A reply that has come counts, whatever becomes of the connection behind it.</summary>
    private async ValueTask<SmtpVerdict> EndGroupAsync(SmtpVerdict no, bool rcptIsUnread)
    {
        if (session.MustClose)
            return no;
        try
        {
            if (rcptIsUnread)
                await wire.ReadReplyAsync("RCPT TO", timeouts.Rcpt);
            // RFC 2920 §3.1 would send a lone dot here and expect 554. Were we wrong about which reply answers what,
            // that dot would be an empty letter to somebody; a new connection costs less.
            session.MustClose = !session.Chunking && await wire.ReadReplyAsync("DATA", timeouts.DataStart) is { Code: 354 };
        }
        catch (Exception e) when (e is RelayException or OperationCanceledException)
        {
            session.MustClose = true;
        }
        return no;
    }

    private async ValueTask<SmtpVerdict?> ReadRcptAsync()
    {
        const string stage = "RCPT TO";
        try
        {
            var verdict = SmtpVerdict.OfRcpt(await wire.ReadReplyAsync(stage, timeouts.Rcpt), relay);
            session.MustClose = verdict is { HasLostStep: true };
            return verdict;
        }
        catch (RelayException e) when (e is { Kind: RelayFailure.Protocol, Stage: stage })
        {
            session.MustClose = true;
            return SmtpVerdict.OfNonsense(stage);
        }
    }

    private async ValueTask<bool> SendBodyBehindGateAsync(CancellationToken ct)
    {
        var intent = gate(ct);
        // Without PIPELINING there is one BDAT, the last: it has to wait for the gate.
        if (session.Chunking && !session.Pipelining)
            return await intent;
        try
        {
            if (session.Chunking)
            {
                wire.Append(string.Create(CultureInfo.InvariantCulture, $"BDAT {size}\r\n"));
                chunkIsUnread = true;
                await wire.WriteAsIsAsync(shape, letter.Message, BodyStage, timeouts.DataBlock);
            }
            else
                await wire.WriteStuffedAsync(shape, letter.Message, BodyStage, timeouts.DataBlock);
            await wire.FlushAsync(BodyStage, timeouts.DataBlock);
        }
        catch
        {
            // The caller must not hear of the failure while its own commit is still under way.
            await intent;
            throw;
        }
        return await intent;
    }

    private async ValueTask<SmtpVerdict> WithdrawAsync()
    {
        // After DATA, any end of the body would be a letter; only closing the connection is not (RFC 5321 §4.1.1.4).
        session.MustClose = !session.Chunking;
        if (chunkIsUnread)
            await ReadChunkAsync();
        return new(SendStatus.Withdrawn, null, BodyStage);
    }

    // A relay that has spoken or hung up before the end of data has surely not accepted: that spares a doubt.
    private async ValueTask<SmtpVerdict?> LastObjectionAsync()
    {
        if (!wire.HasInput)
            return null;
        if (chunkIsUnread && SmtpVerdict.OfBody(await ReadChunkAsync(), 250, relay, BodyStage) is { } no)
            return no;
        if (!wire.HasInput)
            return null;
        session.MustClose = true;
        var early = await wire.ReadReplyAsync(BodyStage, timeouts.DataEnd);
        return Refusal(early, BodyStage)
            ?? throw new RelayException(RelayFailure.Protocol, $"{relay.Peer} answered before the end of the letter: {early}", BodyStage, early);
    }

    /// <summary>What the relay had said of the letter before the line broke; null: nothing that decides.</summary>
    private async ValueTask<SmtpVerdict?> LastWordAsync(string stage)
    {
        session.MustClose = true;
        try
        {
            return Refusal(await wire.ReadReplyAsync(stage, timeouts.Quit), stage);
        }
        catch (Exception e) when (e is RelayException { Kind: not RelayFailure.ServiceClosing } or OperationCanceledException)
        {
            return null;
        }
    }

    private static SmtpVerdict? Refusal(SmtpReply reply, string stage) => reply.IsPositive ? null : SmtpVerdict.OfEnd(reply, stage);

    private async ValueTask<SmtpReply> ReadChunkAsync()
    {
        var reply = await wire.ReadReplyAsync(BodyStage, timeouts.DataBlock);
        chunkIsUnread = false;
        return reply;
    }

    private async ValueTask<SmtpVerdict> CommitAsync()
    {
        SmtpReply? chunk = null;
        SmtpReply end;
        try
        {
            await SendEndAsync();
        }
        catch (RelayException)
        {
            return await LastWordAsync(EndStage) ?? InDoubt();
        }
        try
        {
            chunk = chunkIsUnread ? await ReadChunkAsync() : null;
            end = await wire.ReadReplyAsync(EndStage, timeouts.DataEnd);
        }
        catch (RelayException) when (chunk is { IsPositive: false })
        {
            // A chunk that is refused fails the letter (RFC 3030 §4.2), whatever was to be said to the last one.
            session.MustClose = true;
            return SmtpVerdict.OfBody(chunk, 250, relay, BodyStage)!;
        }
        catch (RelayException e) when (e.Kind != RelayFailure.ServiceClosing)
        {
            return InDoubt();
        }
        session.NeedsReset = chunk is not (null or { Code: 250 }) && session.Announced is null;
        if (chunk is null or { Code: 250 })
            return SmtpVerdict.OfEnd(end, EndStage) ?? InDoubt();
        // The first part refused, yet the whole accepted: we cannot know what the relay means.
        if (end.Code < 400)
            return InDoubt();
        return SmtpVerdict.OfBody(chunk, 250, relay, BodyStage)!;
    }

    private async ValueTask SendEndAsync()
    {
        if (!session.Chunking)
            wire.Append(".\r\n");
        else if (SendsChunkAhead)
            wire.Append("BDAT 0 LAST\r\n");
        else
        {
            wire.Append(string.Create(CultureInfo.InvariantCulture, $"BDAT {size} LAST\r\n"));
            await wire.WriteAsIsAsync(shape, letter.Message, BodyStage, timeouts.DataBlock);
        }
        Announce();
        await wire.FlushAsync(EndStage, timeouts.DataEnd);
    }

    // RFC 2920 §3.1: the next transaction may follow the end of data in the same group.
    private void Announce()
    {
        if (next is null || !session.Pipelining)
            return;
        try
        {
            // Letters of one issue differ by a name and some tokens; SIZE may be an estimate (RFC 1870 §5).
            var announced = EnvelopeCommands.For(next, session.Offers, size, shape.EightBit);
            if (announced.Undeliverable is not null)
                return;
            AppendGroup(announced);
            session.Announced = announced;
        }
        catch (ArgumentException)
        {
            // The next letter's own call will say so.
        }
    }

    private void AppendGroup(EnvelopeCommands group)
    {
        wire.Append(group.Mail);
        wire.Append(group.Rcpt);
        if (!session.Chunking)
            wire.Append("DATA\r\n");
    }

    private SmtpVerdict InDoubt()
    {
        session.MustClose = true;
        return new(SendStatus.InDoubt, null, EndStage);
    }
}
