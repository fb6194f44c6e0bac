using System.IO.Pipelines;
using System.Net;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>
/// Receives mail: PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES, CHUNKING, and STARTTLS and AUTH by
/// <see cref="SmtpReceiverOptions"/>. One instance serves all connections; thread-safe.
/// </summary>
/// <param name="recipientPolicy">Null, or a null reply: the recipient is taken. A 4xx or 5xx reply is sent as it is.</param>
public sealed class SmtpReceiver(
    IMessageSink sink, SmtpReceiverOptions options, Func<Envelope, SmtpReply?>? recipientPolicy = null, TimeProvider? timeProvider = null)
{
    /// <summary>Serves one session, from the greeting until either side ends it. The pipe is not completed.</summary>
    /// <exception cref="OperationCanceledException">Never: a cancellation ends the session with 421.</exception>
    public async Task RunAsync(IDuplexPipe transport, EndPoint? remote = null, CancellationToken ct = default)
    {
        await using var wire = new ReceiverWire(transport, options.IdleTimeout, timeProvider ?? TimeProvider.System);
        using var stopping = ct.UnsafeRegister(static w => ((ReceiverWire)w!).Interrupt(), wire);
        try
        {
            await new ReceiverSession(wire, sink, options, recipientPolicy, timeProvider ?? TimeProvider.System, remote).RunAsync(ct);
        }
        catch (IOException)
        {
            // The sender is gone; it knows by its missing reply that a letter under way was not taken.
        }
    }
}
