using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>What a <see cref="FakeRelay"/> offers and how it misbehaves, whoever the recipient is.</summary>
public sealed record FakeRelayOptions
{
    public bool Pipelining { get; init; } = true;

    public bool Chunking { get; init; } = true;

    public bool Smtputf8 { get; init; } = true;

    public bool EightBitMime { get; init; } = true;

    public bool Dsn { get; init; } = true;

    /// <summary>Octets; null: SIZE is not offered.</summary>
    public long? Size { get; init; } = 10_000_000;

    /// <summary>Offers PIPELINING, yet throws away whatever arrived together with a command.</summary>
    public bool LiesAboutPipelining { get; init; }

    /// <summary>Answers 354 to DATA even when no recipient was accepted, as RFC 2920 §3.1 allows.</summary>
    public bool StartsDataWithoutRecipient { get; init; }

    /// <summary>Answers 502 to EHLO; the client must fall back to HELO.</summary>
    public bool OnlyHelo { get; init; }

    /// <summary>Waited before each batch of replies: one round trip of a far network.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How long <c>slow…@</c> waits before it answers the end of data.</summary>
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Closes politely (421 to the next command) after this many accepted messages on one connection.</summary>
    public int? CloseAfterMessages { get; init; }

    /// <summary>
    /// Once so many were accepted, over all connections, the end of the next one is not answered before this is raised;
    /// each connection may bring one more than that.
    /// </summary>
    public int? MostMessages { get; init; }

    /// <summary>More connections than this at once are greeted with 421.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>So long after its end a connection is still one of <see cref="MaxConnections"/>.</summary>
    public TimeSpan CountedAfterwards { get; init; }

    public IReadOnlyList<FakeRelayFault> Faults { get; init; } = [];

    /// <summary>Null: AUTH is not offered.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    public string AuthMechanisms { get; init; } = "PLAIN LOGIN SCRAM-SHA-256 XOAUTH2";

    /// <summary>530 to MAIL before AUTH.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>Null: no STARTTLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>TLS from the first byte, with <see cref="Certificate"/>.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Answers every handshake by the alert that it knows no version so new.</summary>
    public bool OnlyOldTls { get; init; }

    /// <summary>Sends a forged EHLO reply in plaintext right behind the 220 to STARTTLS.</summary>
    public bool InjectsBeforeTls { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What happens at a command.</summary>
public enum FakeRelayAct
{
    /// <summary>Never answers again; the connection stays open.</summary>
    Hang,

    /// <summary>421, then closes.</summary>
    Closing,

    /// <summary>Closes without a word.</summary>
    Drop,

    /// <summary>Answers with <see cref="FakeRelayFault.Reply"/> instead.</summary>
    Answer,

    /// <summary>Takes the recipient, and says it by <see cref="FakeRelayFault.Reply"/>.</summary>
    Say,

    /// <summary>Answers with <see cref="FakeRelayFault.Reply"/> and closes.</summary>
    AnswerAndClose,

    /// <summary>Answers an octet now and then, and never ends.</summary>
    Drip,
}

/// <param name="At">
/// <c>connect</c>, <c>EHLO</c>, <c>STARTTLS</c>, <c>AUTH</c>, <c>MAIL</c>, <c>RCPT</c>, <c>DATA</c>, <c>BDAT</c>,
/// <c>.</c> (end of data, by dot or BDAT LAST; the message is not recorded), <c>RSET</c>, <c>NOOP</c>, <c>QUIT</c>.
/// </param>
/// <param name="Skip">So many of these commands, over all connections, pass unharmed first.</param>
/// <param name="Times">After so many faults the relay behaves again.</param>
public sealed record FakeRelayFault(
    string At, FakeRelayAct Act, int Skip = 0, int Times = int.MaxValue, string Reply = "451 4.3.0 scripted fault");

/// <summary>One message that the relay has taken.</summary>
/// <param name="MailParameters">What stood behind <c>MAIL FROM:&lt;…&gt;</c>.</param>
/// <param name="Bytes">After undoing the dot-stuffing; ends with CRLF.</param>
/// <param name="Connection">1 for the first connection.</param>
public sealed record FakeRelayMessage(
    string MailFrom, string MailParameters, IReadOnlyList<string> Recipients, string RcptParameters, byte[] Bytes,
    DateTimeOffset Time, int Connection)
{
    public string Recipient => Recipients[0];

    /// <summary>What the client called itself in EHLO or HELO.</summary>
    public string Helo { get; init; } = "";

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}
