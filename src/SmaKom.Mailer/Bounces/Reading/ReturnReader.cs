using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>Understands mails that come back. A function of the bytes: asks no database and no network.</summary>
public static class ReturnReader
{
    /// <param name="mail">As it came, 1 MB at most; the end may be missing.</param>
    /// <exception cref="FormatException">It cannot be read as a mail within the limits (depth 20, 1,000 parts).</exception>
    public static ReturnedMail Read(ReadOnlyMemory<byte> mail, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>What a server's refusal of one recipient means, said while sending or in a report.</summary>
    public static ReturnedRecipient Judge(string? address, EnhancedCode? status, int? code, string words) => new(
        address, status is { Class: 5, Subject: 1, Detail: 1 } ? BounceClass.Hard : status is { Subject: 7 } ? BounceClass.Ours : BounceClass.Ambiguous,
        status, code, words, false, "code");
}
