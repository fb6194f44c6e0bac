namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// Asked once for each letter whose body travels, and awaited before its final dot (or BDAT LAST) leaves this machine.
/// True: send. False: withdraw. The body may travel while the gate is still thinking; a letter refused at MAIL or RCPT
/// is usually, not always, refused before the gate was asked. What the gate throws, <see cref="IMailConnection.SendAsync"/>
/// throws, and the letter was not sent.
/// </summary>
public delegate ValueTask<bool> IntentGate(CancellationToken ct);

/// <summary>Opens sessions with relays.</summary>
public interface IMailTransport
{
    /// <summary>Connects, encrypts, greets and authenticates.</summary>
    /// <exception cref="RelayException">The relay cannot be used now.</exception>
    Task<IMailConnection> ConnectAsync(RelayEndpoint relay, CancellationToken ct) => ConnectAsync(relay, null, ct);

    /// <summary>Connects, encrypts, greets and authenticates, and tells of it.</summary>
    /// <param name="onStep">Told of each step that succeeded, with a fact about it that holds no secret.</param>
    /// <exception cref="RelayException">The relay cannot be used now.</exception>
    Task<IMailConnection> ConnectAsync(RelayEndpoint relay, Action<ConnectionTestStage, string>? onStep, CancellationToken ct);
}

/// <summary>One SMTP session; not thread-safe. Disposing says QUIT and never throws.</summary>
public interface IMailConnection : IAsyncDisposable
{
    /// <summary>False after a loss, a 421 or a withdrawal that cost the connection: open a new one.</summary>
    bool IsUsable { get; }

    /// <summary>Commands travel in groups (RFC 2920).</summary>
    bool Pipelining { get; }

    /// <summary>Letters travel by BDAT (RFC 3030).</summary>
    bool Chunking { get; }

    /// <summary>Sends one letter.</summary>
    /// <param name="next">
    /// A hint: the envelope of the next call, so that its commands can travel with this letter's final dot (RFC 2920).
    /// Null when not known. A next call for another envelope is handled, at the price of a round trip.
    /// </param>
    /// <exception cref="RelayException">The relay failed, and surely has not accepted the letter.</exception>
    /// <exception cref="ArgumentException">The envelope or the letter can never be sent (control characters, bare CR or LF).</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before the final dot: not accepted. After it, cancellation is not heeded: the reply is awaited.
    /// </exception>
    ValueTask<SendResult> SendAsync(OutgoingLetter letter, IntentGate gate, Envelope? next, CancellationToken ct);

    /// <summary>Asks for a sign of life (RFC 5321 §4.1.1.9), before any letter was announced.</summary>
    /// <exception cref="RelayException">None came.</exception>
    ValueTask<SmtpReply> NoopAsync(CancellationToken ct);
}
