using System.Buffers;
using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// Signs messages with DKIM (RFC 6376, RFC 8301): rsa-sha256, relaxed/relaxed, <c>t=</c>, never <c>l=</c>. Safe for many threads;
/// the same message, time and key give the same bytes. It keeps copies of the key and disposes those, not the caller's.
/// </summary>
public sealed class DkimSigner : IDisposable
{
    /// <summary>In bits (RFC 8301 §3.2 asks signers for 2048).</summary>
    public const int MinimumKeySize = 2048;

    private readonly string _domain;
    private readonly string _selector;
    private readonly SigningKeys _keys;

    /// <param name="domain">The signing domain (<c>d=</c>), aligned with the From address; written in A-labels.</param>
    /// <param name="selector">Names the key: the record is at <c>selector._domainkey.domain</c>.</param>
    /// <exception cref="ArgumentException">The key is too short, public only or not exportable; the domain or selector is no DNS name.</exception>
    public DkimSigner(string domain, string selector, RSA key)
    {
        if (key.KeySize < MinimumKeySize)
            throw new ArgumentException($"The DKIM key has {key.KeySize} bits; receivers ask for at least {MinimumKeySize}. Make a new one.",
                nameof(key));
        _domain = DnsName(domain, nameof(domain));
        _selector = DnsName(selector, nameof(selector));
        try
        {
            _keys = new SigningKeys(key);
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException("The DKIM key is a public key, or one that cannot be read out; the private key is needed.", nameof(key), e);
        }
    }

    /// <summary>Reads a private key in PEM ("BEGIN PRIVATE KEY" or "BEGIN RSA PRIVATE KEY").</summary>
    /// <exception cref="ArgumentException">It is no such key, or one that the constructor refuses. The message never holds key material.</exception>
    public static DkimSigner FromPem(string domain, string selector, string pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new ArgumentException("The DKIM key is no RSA private key in PEM form (“BEGIN PRIVATE KEY”, without a password).", nameof(pem));
        }
        return new DkimSigner(domain, selector, rsa);
    }

    /// <summary>Writes the DKIM-Signature header field with its CRLF, to be put before the message.</summary>
    /// <param name="message">Headers and body with CRLF line ends, as it goes on the wire (before dot-stuffing).</param>
    /// <param name="signedAt">For <c>t=</c>, in whole seconds.</param>
    /// <exception cref="ArgumentException">More than 500 header fields.</exception>
    public void Sign(ReadOnlySpan<byte> message, DateTimeOffset signedAt, IBufferWriter<byte> output)
    {
        var fields = ArrayPool<FieldRange>.Shared.Rent(MessageFields.Max);
        try
        {
            var count = MessageFields.Find(message, fields.AsSpan(0, MessageFields.Max), out var bodyStart);
            Sign(message, fields.AsSpan(0, count), bodyStart, signedAt, output);
        }
        finally
        {
            ArrayPool<FieldRange>.Shared.Return(fields);
        }
    }

    public void Dispose() => _keys.Dispose();

    private void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<FieldRange> fields, int bodyStart, DateTimeOffset signedAt, IBufferWriter<byte> output)
    {
        Span<byte> bodyHash = stackalloc byte[SHA256.HashSizeInBytes];
        RelaxedBody.Hash(message[bodyStart..], bodyHash);

        var fieldLength = SignatureField.MaxLength(fields.Length, _keys.SignatureLength);
        var signed = new SignatureInput(bodyStart + fieldLength);
        try
        {
            var field = new SignatureField(output.GetSpan(fieldLength));
            field.WriteTags(_domain, _selector, signedAt, bodyHash);
            foreach (var (name, oversigned) in SignedHeaders.All)
                signed.Add(name, oversigned, message, fields, ref field);
            field.OpenSignature();
            signed.AddSignatureField(field.Value);

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            Span<byte> signature = stackalloc byte[_keys.SignatureLength];
            SHA256.HashData(signed.Bytes, hash);
            _keys.SignHash(hash, signature);
            field.WriteSignature(signature);
            output.Advance(field.Written);
        }
        finally
        {
            signed.Return();
        }
    }

    private static string DnsName(string name, string parameter) =>
        DomainName.InAscii(name) ?? throw new ArgumentException($"“{name}” is no DNS name.", parameter);
}
