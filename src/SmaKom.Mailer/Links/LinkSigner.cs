using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace SmaKom.Mailer.Links;

/// <summary>What a link may be used for. The purpose is part of the signature: a token for one is no token for another.</summary>
public enum LinkPurpose : byte
{
    /// <summary><c>/avsluta/{token}</c></summary>
    Unsubscribe = 1,
    /// <summary><c>/uppgifter/{token}</c></summary>
    Preferences = 2,
    /// <summary><c>/brev/{token}</c></summary>
    Letter = 3,
    /// <summary>The envelope's return path (VERP).</summary>
    ReturnPath = 4,
    /// <summary>The left side of Message-ID: unique per person and issue, the same at every attempt.</summary>
    MessageId = 5,
    /// <summary><c>/mina-uppgifter/{token}</c>, which expires.</summary>
    MyData = 6,
}

/// <summary>Whom a link speaks for. <see cref="IssueId"/> is 0 for links outside of an issue.</summary>
/// <param name="ListId">The list that the letter came by; 1 for those outside of an issue.</param>
public readonly record struct LinkSubject(long SubscriberId, int IssueId, short ListId = 1)
{
    /// <summary>In the issue's place in the return path of a single mail, whose own number stands in the person's: that is who it was sent to.</summary>
    public const int OfNotice = -1;
}

/// <summary>
/// Tokens that stand in links: key id, the subject enciphered (so that ids do not show), and 128 bits of HMAC-SHA-256 over both and the purpose.
/// But for those of <see cref="TokenUntil"/> they do not expire: an unsubscribe link works for as long as its key is kept. 44 characters of
/// base64url, or 53 of base32 in a return path.
/// </summary>
public sealed class LinkSigner(LinkKeys keys)
{
    /// <summary>
    /// Stands in the links of a test letter in the place of a token: they speak for nobody, and their pages say that it was a test.
    /// </summary>
    public const string TestToken = "testbrev";

    private const int BlockSize = LinkKey.BlockSize;
    private const int MacSize = 16;
    private const int Size = 1 + BlockSize + MacSize;

    public string Token(LinkPurpose purpose, LinkSubject subject)
    {
        Span<byte> token = stackalloc byte[Size];
        Write(purpose, subject, token);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>A token that expires, to the minute. It stands in no letter of an issue: the minute takes that number's place.</summary>
    public string TokenUntil(LinkPurpose purpose, long subscriberId, DateTimeOffset end) => Token(purpose, new(subscriberId, Minute(end)));

    /// <summary>False as of <see cref="TryRead"/>, and when the token has expired.</summary>
    public bool TryReadUntil(LinkPurpose purpose, string? token, DateTimeOffset now, out long subscriberId)
    {
        var isOurs = TryRead(purpose, token, out var subject);
        subscriberId = subject.SubscriberId;
        return isOurs && Minute(now) <= subject.IssueId;
    }

    private static int Minute(DateTimeOffset at) => (int)(at.ToUnixTimeSeconds() / 60);

    /// <summary>Case does not matter on the way back: some servers change it.</summary>
    public string ReturnPathToken(LinkSubject subject)
    {
        Span<byte> token = stackalloc byte[Size];
        Write(LinkPurpose.ReturnPath, subject, token);
        return Base32.Encode(token);
    }

    /// <summary>False for anything that this installation did not sign for this purpose.</summary>
    public bool TryRead(LinkPurpose purpose, string? token, out LinkSubject subject)
    {
        subject = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (token is null) return false;
        if (purpose == LinkPurpose.ReturnPath)
            return Base32.TryDecode(token, bytes) && TryVerify(purpose, bytes, out subject);
        return token.Length == Base64Url.GetEncodedLength(Size)
            && Base64Url.IsValid(token)
            && Base64Url.TryDecodeFromChars(token, bytes, out var written) && written == Size
            && TryVerify(purpose, bytes, out subject);
    }

    private void Write(LinkPurpose purpose, LinkSubject subject, Span<byte> token)
    {
        var key = keys.Current;
        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        BinaryPrimitives.WriteInt64BigEndian(block, subject.SubscriberId);
        BinaryPrimitives.WriteInt32BigEndian(block[8..], subject.IssueId);
        // The first list is 0, as in letters of before there were several: one that is tried again has the bytes that it had.
        BinaryPrimitives.WriteInt16BigEndian(block[12..], subject.ListId == 1 ? (short)0 : subject.ListId);
        block[^1] = (byte)purpose;

        token[0] = key.Id;
        key.Encipher(block, token.Slice(1, BlockSize));
        Mac(key, purpose, token[..(1 + BlockSize)], token[(1 + BlockSize)..]);
    }

    private bool TryVerify(LinkPurpose purpose, ReadOnlySpan<byte> token, out LinkSubject subject)
    {
        subject = default;
        if (keys.Find(token[0]) is not { } key) return false;
        Span<byte> mac = stackalloc byte[MacSize];
        Mac(key, purpose, token[..(1 + BlockSize)], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, token[(1 + BlockSize)..])) return false;

        Span<byte> block = stackalloc byte[BlockSize];
        key.Decipher(token.Slice(1, BlockSize), block);
        var list = BinaryPrimitives.ReadInt16BigEndian(block[12..]);
        subject = new(BinaryPrimitives.ReadInt64BigEndian(block), BinaryPrimitives.ReadInt32BigEndian(block[8..]), list == 0 ? (short)1 : list);
        return true;
    }

    private static void Mac(LinkKey key, LinkPurpose purpose, ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        Span<byte> input = stackalloc byte[1 + 1 + BlockSize];
        input[0] = (byte)purpose;
        signed.CopyTo(input[1..]);
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.Mac(input, full);
        full[..MacSize].CopyTo(mac);
    }
}
