using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Mail.Imap;

/// <summary>
/// Opens a folder of a mail account, such as the one that bounces come to. There is one implementation, over MailKit, and
/// builds without it: the seam is what the rest compiles against.
/// </summary>
public interface IMailboxClient
{
    /// <summary>Connects, encrypts, logs in and opens the folder for reading and writing.</summary>
    /// <exception cref="RelayException">The mail server cannot be used now, or as it is set.</exception>
    Task<IMailFolder> OpenAsync(MailboxEndpoint mailbox, CancellationToken ct);
}

/// <summary>
/// An open folder; not thread-safe. Disposing logs out and never throws. Everything throws <see cref="RelayException"/>
/// when the server fails, and <see cref="OperationCanceledException"/> when cancelled, which costs the connection.
/// </summary>
public interface IMailFolder : IAsyncDisposable
{
    /// <summary>Which numbering holds (UIDVALIDITY, RFC 9051 §2.3.1.1): another one, and no old number means anything.</summary>
    uint Validity { get; }

    /// <summary>Letters that nobody has marked as seen or deleted, oldest first, at most so many. Listing marks none.</summary>
    Task<IReadOnlyList<FolderLetter>> UnseenAsync(int most, CancellationToken ct);

    /// <summary>The letter's bytes as they are stored, or the first <paramref name="most"/> of them. Marks nothing.</summary>
    /// <param name="most">1 or more.</param>
    /// <returns>Null: it is gone, or its number is of another numbering.</returns>
    Task<FetchedLetter?> FetchAsync(LetterId id, int most, CancellationToken ct);

    /// <returns>False: it is gone, or its number is of another numbering. Nothing was changed.</returns>
    Task<bool> MarkSeenAsync(LetterId id, CancellationToken ct);

    /// <param name="folder">Its path as the server writes it, such as <c>Archive/2026</c>; it must exist.</param>
    /// <returns>False: it is gone, or its number is of another numbering. Nothing was changed.</returns>
    Task<bool> MoveAsync(LetterId id, string folder, CancellationToken ct);

    /// <summary>For good: no folder of deleted mail is used.</summary>
    /// <returns>False: it is gone, or its number is of another numbering. Nothing was changed.</returns>
    Task<bool> DeleteAsync(LetterId id, CancellationToken ct);
}

/// <summary>Names one letter of a folder for ever.</summary>
public readonly record struct LetterId(uint Validity, uint Uid)
{
    /// <summary><c>1700000000.17</c>; null: not of this form.</summary>
    public static LetterId? Parse(string text) =>
        text.Split('.') is [var validity, var uid] && Number(validity) is { } v && Number(uid) is { } u ? new(v, u) : null;

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Validity}.{Uid}");

    private static uint? Number(string text) =>
        uint.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number > 0 ? number : null;
}

/// <param name="Size">Octets, as the server counts them (RFC822.SIZE).</param>
public sealed record FolderLetter(LetterId Id, long Size);

/// <param name="IsWhole">False: the letter is longer.</param>
public sealed record FetchedLetter(byte[] Bytes, bool IsWhole);
