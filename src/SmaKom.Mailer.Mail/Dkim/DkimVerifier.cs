using System.Security.Cryptography;
using System.Text;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// Verifies DKIM signatures (RFC 6376 §6, RFC 8301): rsa-sha256 only, all four canonicalisations. A signature with <c>l=</c> is not
/// accepted (§8.2: anything can be added after the part it covers).
/// </summary>
/// <param name="findKey">Selector and domain to the text of the TXT record (its strings joined), null when there is none. What it throws rises.</param>
public sealed class DkimVerifier(Func<string, string, string?> findKey)
{
    /// <summary>One verdict per DKIM-Signature, top down; empty for an unsigned message.</summary>
    /// <param name="message">With CRLF line ends. At most 500 header fields, else every verdict would be a guess and the answer is one permanent error.</param>
    public IReadOnlyList<DkimVerdict> Verify(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var room = new FieldRange[MessageFields.Max];
        int count, bodyStart;
        try
        {
            count = MessageFields.Find(message, room, out bodyStart);
        }
        catch (ArgumentException)
        {
            return [new DkimVerdict(DkimStatus.PermanentError, null, null, "the message has too many headers")];
        }
        var verdicts = new List<DkimVerdict>();
        var fields = room.AsSpan(0, count);
        foreach (var field in fields)
        {
            if (Ascii.EqualsIgnoreCase(field.NameIn(message), "DKIM-Signature"u8))
                verdicts.Add(Verify(field, message, fields, bodyStart, now));
        }
        return verdicts;
    }

    private DkimVerdict Verify(FieldRange signature, ReadOnlySpan<byte> message, ReadOnlySpan<FieldRange> fields, int bodyStart, DateTimeOffset now)
    {
        if (TagList.Parse(Encoding.UTF8.GetString(signature.ValueIn(message))) is not { } list)
            return new(DkimStatus.PermanentError, null, null, "the signature is malformed");
        DkimVerdict Verdict(DkimStatus status, string reason) => new(status, list["d"], list["s"], reason);

        var (tags, problem) = SignatureTags.Read(list, now);
        if (tags is null)
            return Verdict(DkimStatus.PermanentError, problem);
        var (key, keyProblem) = PublishedKey.Read(findKey(tags.Selector, tags.Domain));
        if (key is null)
            return Verdict(DkimStatus.PermanentError, keyProblem);
        using (key)
        {
            if (!HashBody(message[bodyStart..], tags.RelaxedBody).AsSpan().SequenceEqual(tags.BodyHash))
                return Verdict(DkimStatus.Fail, "the body has been changed");
            var hash = SHA256.HashData(SignedBytes(signature, tags, message, fields));
            return key.VerifyHash(hash, tags.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? Verdict(DkimStatus.Pass, "the signature holds")
                : Verdict(DkimStatus.Fail, "a signed header has been changed, or the key is another one");
        }
    }

    private static byte[] HashBody(ReadOnlySpan<byte> body, bool relaxed)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        if (relaxed)
            RelaxedBody.Hash(body, hash);
        else
            SimpleBody.Hash(body, hash);
        return hash;
    }

    private static byte[] SignedBytes(FieldRange signature, SignatureTags tags, ReadOnlySpan<byte> message, ReadOnlySpan<FieldRange> fields)
    {
        using var signed = new MemoryStream();
        var used = new bool[fields.Length];
        foreach (var name in tags.SignedNames)
        {
            // The lowest instance that is not used yet; a name too many stands for a header that is not there (§5.4.2).
            var i = fields.Length - 1;
            while (i >= 0 && (used[i] || !Ascii.EqualsIgnoreCase(fields[i].NameIn(message), name)))
                i--;
            if (i < 0)
                continue;
            used[i] = true;
            Write(fields[i].NameIn(message), fields[i].ValueIn(message), fields[i].WholeIn(message), tags.RelaxedHeaders, signed);
            signed.Write("\r\n"u8);
        }
        var (from, to) = FindSignatureValue(signature.ValueIn(message));
        byte[] emptied = [.. signature.ValueIn(message)[..from], .. signature.ValueIn(message)[to..]];
        byte[] whole = [.. message[signature.Name..signature.Value], .. emptied];
        Write(signature.NameIn(message), emptied, whole, tags.RelaxedHeaders, signed);
        return signed.ToArray();
    }

    private static void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> whole, bool relaxed, MemoryStream output)
    {
        if (!relaxed)
        {
            output.Write(whole);
            return;
        }
        var canonical = new byte[name.Length + value.Length + 1];
        output.Write(canonical.AsSpan(0, RelaxedHeader.Write(name, value, canonical)));
    }

    /// <summary>Where the value of <c>b=</c> lies.</summary>
    private static (int From, int To) FindSignatureValue(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)';'))
        {
            var (start, length) = range.GetOffsetAndLength(value.Length);
            var equals = value.Slice(start, length).IndexOf((byte)'=');
            if (equals > 0 && value.Slice(start, equals).Trim(" \t\r\n"u8).SequenceEqual("b"u8))
                return (start + equals + 1, start + length);
        }
        return (value.Length, value.Length);
    }
}
