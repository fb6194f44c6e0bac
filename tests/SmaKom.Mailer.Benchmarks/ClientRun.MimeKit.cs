using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailKit.Security;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using MailKitClient = MailKit.Net.Smtp.SmtpClient;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>MailKit without us: a pool of connections over sockets with NoDelay; MimeKit composes and signs, with OpenSSL's RSA.</summary>
internal static partial class ClientRun
{
    private static async Task SendByMimeKitAsync(int port, int letters, int bytes, bool sign)
    {
        using var key = Key();
        var signer = new OpenSslDkimSigner(key);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Tcp)
        { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        using var client = new MailKitClient { LocalDomain = "bench.example" };
        await client.ConnectAsync(socket, "127.0.0.1", port, SecureSocketOptions.None);
        var body = Encoding.ASCII.GetString(Letter(0, bytes)).Split("\r\n\r\n", 2)[1];
        for (var i = 0; i < letters; i++)
        {
            using var message = new MimeMessage();
            message.From.Add(new MailboxAddress("", "a@bench.example"));
            message.To.Add(new MailboxAddress("", string.Create(CultureInfo.InvariantCulture, $"p{i}@bench.example")));
            message.Subject = "Nyhetsbrev";
            message.Body = new TextPart(
                "plain")
            { Text = body.Replace("person 0", string.Create(CultureInfo.InvariantCulture, $"person {i}"), StringComparison.Ordinal) };
            if (sign)
            {
                message.Prepare(EncodingConstraint.SevenBit);
                signer.Sign(message, [HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId]);
            }
            await client.SendAsync(message);
        }
        await client.DisconnectAsync(quit: true);
    }

    /// <summary>MimeKit's own RSA is BouncyCastle's, several times slower than OpenSSL's.</summary>
    private sealed class OpenSslDkimSigner(RSA key)
        : MimeKit.Cryptography.DkimSigner(new MemoryStream(Encoding.ASCII.GetBytes(KeyPem)), "bench.example", "mail",
            DkimSignatureAlgorithm.RsaSha256)
    {
        protected override ISigner CreateSigningContext() => new OpenSslRsa(key);
    }

    private sealed class OpenSslRsa(RSA key) : ISigner
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string AlgorithmName => "RSA/SHA-256";

        public void Init(bool forSigning, ICipherParameters parameters)
        {
        }

        public void Update(byte input) => hash.AppendData([input]);

        public void BlockUpdate(byte[] input, int inOff, int inLen) => hash.AppendData(input, inOff, inLen);

        public void BlockUpdate(ReadOnlySpan<byte> input) => hash.AppendData(input);

        public int GetMaxSignatureSize() => key.KeySize / 8;

        public byte[] GenerateSignature() => key.SignHash(hash.GetHashAndReset(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        public bool VerifySignature(byte[] signature) => throw new NotSupportedException("Signs only");

        public void Reset() => hash.GetHashAndReset();
    }
}
