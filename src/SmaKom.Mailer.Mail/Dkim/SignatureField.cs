using System.Buffers.Text;
using System.Text;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>Writes the DKIM-Signature field (RFC 6376 §3.5), folded at 78 characters.</summary>
internal ref struct SignatureField(Span<byte> output)
{
    private const int LineWidth = 78;
    private static ReadOnlySpan<byte> FieldName => "DKIM-Signature:"u8;
    private readonly Span<byte> _output = output;
    private int _column;
    private bool _named;

    public int Written { get; private set; }

    /// <summary>The value so far.</summary>
    public readonly ReadOnlySpan<byte> Value => _output[FieldName.Length..Written];

    /// <summary>Each header may be named as often as it occurs, folded at worst one to a line.</summary>
    public static int MaxLength(int fields, int signatureLength) => 1024 + ((fields + SignedHeaders.All.Length) * 32) + (signatureLength * 2);

    public void WriteTags(string domain, string selector, DateTimeOffset signedAt, scoped ReadOnlySpan<byte> bodyHash)
    {
        Put(FieldName);
        Put(" v=1; a=rsa-sha256; c=relaxed/relaxed; d="u8);
        Put(domain);
        Put(";"u8);
        Fold();
        Put("s="u8);
        Put(selector);
        Put("; t="u8);
        Utf8Formatter.TryFormat(signedAt.ToUnixTimeSeconds(), _output[Written..], out var digits);
        Written += digits;
        Put(";"u8);
        Fold();
        Put("bh="u8);
        Base64.EncodeToUtf8(bodyHash, _output[Written..], out _, out var written);
        Written += written;
        Put(";"u8);
        Fold();
        Put("h="u8);
    }

    /// <summary>Adds a name to <c>h=</c>. White space may stand around its colons (§3.5), so a line folds after one.</summary>
    public void Name(string name)
    {
        if (_named)
            Put(":"u8);
        _named = true;
        if (_column + name.Length + 1 > LineWidth)
            Fold();
        Put(name);
    }

    public void OpenSignature()
    {
        Put(";"u8);
        Fold();
        Put("b="u8);
    }

    public void WriteSignature(scoped ReadOnlySpan<byte> signature)
    {
        Span<byte> text = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(signature.Length)];
        Base64.EncodeToUtf8(signature, text, out _, out _);
        while (!text.IsEmpty)
        {
            var part = Math.Min(text.Length, LineWidth - 2 - _column);
            Put(text[..part]);
            text = text[part..];
            if (!text.IsEmpty)
                Fold();
        }
        Put("\r\n"u8);
    }

    private void Fold()
    {
        Put("\r\n "u8);
        _column = 1;
    }

    private void Put(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[Written..]);
        Written += bytes.Length;
        _column += bytes.Length;
    }

    private void Put(scoped ReadOnlySpan<char> ascii)
    {
        Ascii.FromUtf16(ascii, _output[Written..], out var written);
        Written += written;
        _column += written;
    }
}
