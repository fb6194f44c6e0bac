using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// Copies of one private key. .NET does not promise that one RSA object serves many threads at once, so each signature borrows a copy of its own.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly RSAParameters _key;
    private volatile bool _disposed;

    public SigningKeys(RSA key)
    {
        _key = key.ExportParameters(includePrivateParameters: true);
        _idle.Add(RSA.Create(_key));
        SignatureLength = key.KeySize / 8;
    }

    /// <summary>In octets.</summary>
    public int SignatureLength { get; }

    public void SignHash(ReadOnlySpan<byte> sha256, Span<byte> signature)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var rsa))
            rsa = RSA.Create(_key);
        rsa.SignHash(sha256, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _idle.Add(rsa);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var rsa))
            rsa.Dispose();
    }
}
