using MailKit.Net.Smtp;
using MimeKit;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>Sends letters over one session after another, as our own client does.</summary>
internal sealed class MailKitConnection(MailKitTransport transport, RelayEndpoint relay, MailKitSession session, TimeProvider time) : IMailConnection
{
    private bool isDisposed;

    public bool IsUsable => !isDisposed && session.Client.IsConnected;

    public bool Pipelining => session.Pipelining;

    public bool Chunking => session.Chunking;

    public async ValueTask<SendResult> SendAsync(OutgoingLetter letter, IntentGate gate, Envelope? next, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!IsUsable)
            throw new InvalidOperationException("The connection is gone: open a new one");
        var since = time.GetTimestamp();
        var shape = LetterShape.Of(letter.Message.Span);
        var from = Address(letter.Envelope.ReturnPath, "return path", mayBeEmpty: true);
        var to = Address(letter.Envelope.Recipient, "recipient", mayBeEmpty: false);
        SmtpVerdict verdict;
        try
        {
            verdict = await OnceAsync();
        }
        catch (RelayException e) when (RelayHabits.HasHadItsShare(e, session.Answered))
        {
            await session.EndAsync();
            session = await transport.OpenAsync(relay, null, ct);
            verdict = await OnceAsync();
        }
        return new SendResult(verdict.Status, verdict.Reply, verdict.Stage, time.GetElapsedTime(since));

        async ValueTask<SmtpVerdict> OnceAsync()
        {
            var offers = session.Dialogue.Offers;
            if (EnvelopeCommands.For(letter.Envelope, offers, shape.SizeOf(letter.Message.Length), shape.EightBit).Undeliverable is { } why)
                return new(SendStatus.Refused, why, "MAIL FROM");
            return await TransactAsync(new(session, relay, letter, shape, gate, ct), from, to);
        }
    }

    public async ValueTask<SmtpReply> NoopAsync(CancellationToken ct)
    {
        session.Dialogue.Forget();
        try
        {
            using var cancellation = session.Wire.AbortOn(ct);
            await session.Client.NoOpAsync(CancellationToken.None);
            return session.Dialogue.ReplyTo("NOOP")!;
        }
        // MailKit throws where another reply than 250 comes; it is an answer all the same.
        catch (SmtpCommandException) when (session.Dialogue is { Closing: null } dialogue && dialogue.ReplyTo("NOOP") is { } reply)
        {
            return reply;
        }
        catch (Exception e)
        {
            var failure = new OpeningFailure(relay, session.Wire, session.Dialogue, session.Client).From(e);
            await session.EndAsync();
            throw failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var sayGoodbye = IsUsable;
        isDisposed = true;
        if (sayGoodbye)
            await session.Client.DisconnectAsync(quit: true);
        await session.EndAsync();
    }

    private async ValueTask<SmtpVerdict> TransactAsync(MailKitTransaction transaction, MailboxAddress from, MailboxAddress to)
    {
        try
        {
            var verdict = await transaction.RunAsync(from, to);
            if (verdict.Reply is not null)
                session.Answered++;
            if (session.Pipelining && verdict.HasLostStep)
                transport.Distrust(relay);
            if (verdict.HasLostStep)
                await session.EndAsync();
            return verdict;
        }
        catch (Exception e)
        {
            if (session.Pipelining && RelayHabits.LooksLikeLostCommands(e))
                transport.Distrust(relay);
            await session.EndAsync();
            throw;
        }
    }

    // MimeKit's parser is asked after our own: it refuses some addresses that could be sent.
    private static MailboxAddress Address(string address, string what, bool mayBeEmpty)
    {
        try
        {
            return new MailboxAddress(null, SmtpAddress.Parse(address, what, mayBeEmpty).Text);
        }
        catch (ParseException e)
        {
            throw new ArgumentException($"The {what} is of a form that MailKit cannot send", e);
        }
    }
}
