using System.Buffers;
using System.Text;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>Collects the canonical header fields that a signature covers, in the order of its <c>h=</c> tag (RFC 6376 §3.7).</summary>
internal ref struct SignatureInput(int maxLength)
{
    private readonly byte[] _rented = ArrayPool<byte>.Shared.Rent(maxLength);
    private int _length;

    public readonly ReadOnlySpan<byte> Bytes => _rented.AsSpan(0, _length);

    /// <summary>Adds all instances of a header, the lowest first (§5.4.2), and names them in the signature.</summary>
    public void Add(string name, bool oversigned, ReadOnlySpan<byte> message, ReadOnlySpan<FieldRange> fields, ref SignatureField signature)
    {
        for (var i = fields.Length - 1; i >= 0; i--)
        {
            var field = fields[i];
            if (field.NameLength != name.Length || !Ascii.EqualsIgnoreCase(field.NameIn(message), name))
                continue;
            _length += RelaxedHeader.Write(field.NameIn(message), field.ValueIn(message), _rented.AsSpan(_length));
            "\r\n"u8.CopyTo(_rented.AsSpan(_length));
            _length += 2;
            signature.Name(name);
        }
        if (oversigned)
            signature.Name(name);
    }

    /// <summary>Closes the input with the signature field itself, its <c>b=</c> empty, without CRLF.</summary>
    public void AddSignatureField(ReadOnlySpan<byte> value) =>
        _length += RelaxedHeader.Write("dkim-signature"u8, value, _rented.AsSpan(_length));

    public readonly void Return() => ArrayPool<byte>.Shared.Return(_rented);
}
