using System.Runtime.ExceptionServices;
using MailKit.Net.Smtp;
using MimeKit;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>
/// One letter through MailKit: MailKit writes it and waits for the replies; the gate is asked from within the writing of
/// its body, and so before the end of data.
/// </summary>
internal sealed class MailKitTransaction(MailKitSession session, RelayEndpoint relay, OutgoingLetter letter, LetterShape shape, IntentGate gate,
    CancellationToken ct)
{
    private readonly RelayDialogue dialogue = session.Dialogue;
    private readonly RelayWire wire = session.Wire;
    private CancellationTokenRegistration cancellation;
    private ExceptionDispatchInfo? failureOfGate;
    private bool isWithdrawn;
    private bool isCommitted;

    private string BodyStage => session.Chunking ? "BDAT" : "DATA";

    /// <exception cref="RelayException">The relay failed, and surely has not accepted the letter.</exception>
    public async ValueTask<SmtpVerdict> RunAsync(MailboxAddress from, MailboxAddress to)
    {
        dialogue.Forget();
        cancellation = wire.AbortOn(ct);
        try
        {
            using var message = SignedLetter.Of(letter, shape, session.Chunking, this);
            await session.Client.SendAsync(SignedLetter.Format, message, from, [to], CancellationToken.None);
            return Outcome(null);
        }
        catch (Exception e) when (e is not RelayException)
        {
            failureOfGate?.Throw();
            return isWithdrawn ? new(SendStatus.Withdrawn, null, BodyStage) : isCommitted ? Outcome(e) : Refusal(e);
        }
        finally
        {
            await cancellation.DisposeAsync();
        }
    }

    /// <summary>Called by the letter as its body is about to be written.</summary>
    public async Task AskGateAsync()
    {
        dialogue.BeginBody(BodyStage);
        try
        {
            isWithdrawn = !await gate(ct);
        }
        catch (Exception e)
        {
            failureOfGate = ExceptionDispatchInfo.Capture(e);
            throw;
        }
        // MailKit hangs up on any exception but its own: the only way to end a DATA without a letter.
        if (isWithdrawn)
            throw new OperationCanceledException("Withdrawn");
    }

    /// <summary>Called by the letter once the gate has said yes: the end of data follows.</summary>
    public async Task CommitAsync()
    {
        await ObjectionAsync();
        // From here on the letter may be the relay's, whatever happens to us: a cancellation comes too late.
        await cancellation.DisposeAsync();
        ct.ThrowIfCancellationRequested();
        dialogue.BeginEnd();
        isCommitted = true;
    }

    // A relay that has spoken or hung up before the end of data has surely not accepted: that spares a doubt.
    private async ValueTask ObjectionAsync()
    {
        var encrypted = session.Client.IsSecure;
        if (!wire.HasInput(encrypted))
            return;
        var spoken = new byte[1024];
        var length = encrypted ? 0 : await wire.ReadAsync(spoken);
        dialogue.LogServer(spoken, 0, length);
        // What it said decides; MailKit hangs up on this.
        throw new IOException("Hung up on, or spoken to too early");
    }

    // After the end of data only a reply to it decides; without one nobody knows.
    private SmtpVerdict Outcome(Exception? e)
    {
        if (dialogue.ReplyTo(RelayDialogue.End) is not { } reply)
            return InDoubt();
        return reply.Code == 421
            ? throw new RelayException(RelayFailure.ServiceClosing, $"{relay.Peer} is closing the connection: {reply}", RelayDialogue.End, reply, e)
            : SmtpVerdict.OfEnd(reply, RelayDialogue.End) ?? InDoubt();
    }

    private SmtpVerdict InDoubt()
    {
        session.Abort();
        return new(SendStatus.InDoubt, null, RelayDialogue.End);
    }

    // In the order in which they came: a reply that refuses counts, whatever was said or lost behind it.
    private SmtpVerdict Refusal(Exception e)
    {
        var failure = new OpeningFailure(relay, wire, dialogue, session.Client);
        foreach (var (stage, reply) in dialogue.Replies)
        {
            if (reply.Code == 421)
                throw failure.Interruption(e)!;
            if (Judge(stage, reply) is { } no)
                return no;
        }
        // MailKit gave up on it, and not for the line's sake: no more than one person's odd reply.
        if (e is SmtpProtocolException && failure.Interruption(e) is null && (dialogue.Stage == "RCPT TO" || dialogue.Last?.Stage == "RCPT TO"))
            return SmtpVerdict.OfNonsense("RCPT TO");
        throw failure.From(e);
    }

    private SmtpVerdict? Judge(string stage, SmtpReply reply) => stage switch
    {
        "MAIL FROM" => SmtpVerdict.OfMail(reply, relay),
        "RCPT TO" => SmtpVerdict.OfRcpt(reply, relay),
        "DATA" or "BDAT" when !reply.IsPositive => SmtpVerdict.OfEnd(reply, stage),
        "DATA" => SmtpVerdict.OfBody(reply, 354, relay, stage),
        _ => null,
    };
}
