using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SmaKom.Mailer.Links;

/// <summary>A key that signs links: two keys derived from one secret (RFC 5869). Safe for many threads.</summary>
public sealed class LinkKey
{
    internal const int BlockSize = 16;

    private readonly ConcurrentBag<Keyed> idle = [];
    private readonly byte[] cipherKey;
    private readonly byte[] macKey;

    internal LinkKey(byte id, byte[] secret)
    {
        Id = id;
        cipherKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "link cipher"u8.ToArray());
        macKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "link mac"u8.ToArray());
        AddressKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "address hash"u8.ToArray());
    }

    internal byte Id { get; }
    internal byte[] AddressKey { get; }

    internal void Encipher(ReadOnlySpan<byte> block, Span<byte> output) => Cipher(block, output, keyed => keyed.Encryptor);
    internal void Decipher(ReadOnlySpan<byte> block, Span<byte> output) => Cipher(block, output, keyed => keyed.Decryptor);

    /// <summary>HMAC-SHA-256 (RFC 2104).</summary>
    internal void Mac(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var keyed = Take();
        keyed.Mac.AppendData(input);
        keyed.Mac.GetHashAndReset(output);
        idle.Add(keyed);
    }

    private void Cipher(ReadOnlySpan<byte> block, Span<byte> output, Func<Keyed, ICryptoTransform> direction)
    {
        var keyed = Take();
        block.CopyTo(keyed.Block);
        direction(keyed).TransformBlock(keyed.Block, 0, BlockSize, keyed.Block, 0);
        keyed.Block.CopyTo(output);
        idle.Add(keyed);
    }

    private Keyed Take() => idle.TryTake(out var keyed) ? keyed : new(cipherKey, macKey);

    /// <summary>
    /// Keyed objects for one thread at a time: OpenSSL takes longer to key them than to use them, and every letter has several tokens.
    /// </summary>
    private sealed class Keyed(byte[] cipherKey, byte[] macKey)
    {
        private readonly Aes aes = CreateAes(cipherKey);
        private ICryptoTransform? encryptor;
        private ICryptoTransform? decryptor;

        public byte[] Block { get; } = new byte[BlockSize];
        public IncrementalHash Mac { get; } = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, macKey);
        public ICryptoTransform Encryptor => encryptor ??= aes.CreateEncryptor();
        public ICryptoTransform Decryptor => decryptor ??= aes.CreateDecryptor();

        // One block of distinct plaintexts: ECB is the plain block cipher here.
        private static Aes CreateAes(byte[] key)
        {
            var aes = Aes.Create();
            (aes.Key, aes.Mode, aes.Padding) = (key, CipherMode.ECB, PaddingMode.None);
            return aes;
        }
    }
}
