using System.Net;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>A message as its sender's machine handed it over.</summary>
/// <param name="ReturnPath">Empty for a bounce or another report (the null path).</param>
/// <param name="Recipients">Those that were accepted, in order; at least one.</param>
/// <param name="Bytes">As sent, dot-stuffing undone, only CRLF line ends. No Return-Path or Received has been added.</param>
/// <param name="AuthenticatedAs">The user name that AUTH accepted; null without AUTH.</param>
public sealed record ReceivedMessage(
    string ReturnPath,
    IReadOnlyList<string> Recipients,
    ReadOnlyMemory<byte> Bytes,
    DateTimeOffset ReceivedAt,
    string HeloName,
    EndPoint? Remote,
    bool IsEncrypted,
    string? AuthenticatedAs);

/// <summary>Takes over received messages.</summary>
public interface IMessageSink
{
    /// <summary>
    /// A 2xx reply takes over the responsibility for the message (RFC 5321 §6.1): answer it only when the message is kept.
    /// An exception becomes 451, and the sender tries again.
    /// </summary>
    ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken ct);
}
