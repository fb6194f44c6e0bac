using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>The client's side of SCRAM-SHA-256 without channel binding (RFC 5802 §3, RFC 7677).</summary>
internal sealed class ScramSha256(string username, string password, string? nonce = null)
{
    // RFC 7677 §4 asks for 4,096 at least; the ceiling keeps a hostile server from burning our CPU.
    private const int MinIterations = 4096;
    private const int MaxIterations = 1_000_000;
    private readonly string nonce = nonce ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
    private readonly string user = username.Normalize(NormalizationForm.FormKC)
        .Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
    private byte[] expected = [];

    public string ClientFirst => "n,," + ClientFirstBare;

    private string ClientFirstBare => $"n={user},r={nonce}";

    /// <exception cref="FormatException">The server's message is not what the protocol demands.</exception>
    public string ClientFinal(string serverFirst)
    {
        var values = serverFirst.Split(',').Where(v => v.Length > 1 && v[1] == '=').ToLookup(v => v[0], v => v[2..]);
        var (theirs, salt) = (values['r'].FirstOrDefault() ?? "", values['s'].FirstOrDefault() ?? "");
        if (!theirs.StartsWith(nonce, StringComparison.Ordinal) || theirs.Length == nonce.Length || values.Contains('m'))
            throw new FormatException("the server's first SCRAM message does not belong to ours");
        if (!int.TryParse(values['i'].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < MinIterations or > MaxIterations)
            throw new FormatException($"the SCRAM iteration count is not between {MinIterations} and {MaxIterations}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password.Normalize(NormalizationForm.FormKC), Convert.FromBase64String(salt), iterations, HashAlgorithmName.SHA256, 32);
        var withoutProof = $"c=biws,r={theirs}";
        var signed = Encoding.UTF8.GetBytes($"{ClientFirstBare},{serverFirst},{withoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        var proof = clientKey.Zip(signature, (k, s) => (byte)(k ^ s)).ToArray();
        expected = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>True when the server has shown that it, too, knows the password.</summary>
    public bool IsServerGenuine(string serverFinal) =>
        expected.Length > 0 && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(expected)), Encoding.UTF8.GetBytes(serverFinal.Split(',')[0]));
}
