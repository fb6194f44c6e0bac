using System.Security.Cryptography;
using System.Text;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>The server's side of AUTH: PLAIN, LOGIN, XOAUTH2, SCRAM-SHA-256 (RFC 5802 §3) and CRAM-MD5 (RFC 2195).</summary>
internal sealed class FakeRelayAuth(FakeRelayOptions options)
{
    private const string Refused = "535 5.7.8 name or password not right";
    private const string Challenge = "<1896.697170952@relay.example>";
    private const int Iterations = 4096;
    private static readonly byte[] Salt = "a little salt"u8.ToArray();
    private Func<string, string> next = _ => "503 5.5.1 no AUTH going on";
    private string login = "";

    public bool Succeeded { get; private set; }

    public string Begin(string line)
    {
        var words = line.Split(' ');
        var initial = words.Length > 2 ? words[2] : null;
        next = words[1].ToUpperInvariant() switch
        {
            "PLAIN" => Plain,
            "LOGIN" => LoginName,
            "XOAUTH2" => XOAuth2,
            "SCRAM-SHA-256" => ScramFirst,
            "CRAM-MD5" => CramMd5,
            _ => _ => "504 5.5.4 unknown mechanism",
        };
        if (initial is not null)
            return next(initial == "=" ? "" : Decode(initial));
        if (words[1].Equals("CRAM-MD5", StringComparison.OrdinalIgnoreCase))
            return "334 " + Encode(Challenge);
        return words[1].Equals("LOGIN", StringComparison.OrdinalIgnoreCase) ? "334 " + Encode("Username:") : "334 ";
    }

    public string Continue(string response) => response == "*" ? "501 5.7.0 cancelled" : next(Decode(response));

    private string Plain(string message) => Decide(message == $"\0{options.Username}\0{options.Password}");

    private string LoginName(string name)
    {
        login = name;
        next = password => Decide(login == options.Username && password == options.Password);
        return "334 " + Encode("Password:");
    }

#pragma warning disable CA5351 // What old servers still ask for.
    private string CramMd5(string response) => Decide(response ==
        $"{options.Username} {Convert.ToHexStringLower(HMACMD5.HashData(Encoding.UTF8.GetBytes(options.Password!), Encoding.UTF8.GetBytes(Challenge)))}");
#pragma warning restore CA5351

    private string XOAuth2(string message)
    {
        if (message == $"user={options.Username}\u0001auth=Bearer {options.Password}\u0001\u0001")
            return Decide(true);
        next = _ => Refused;
        return "334 " + Encode("""{"status":"401"}""");
    }

    private string ScramFirst(string clientFirst)
    {
        var bare = clientFirst["n,,".Length..];
        var nonce = bare[(bare.IndexOf(",r=", StringComparison.Ordinal) + 3)..] + "server";
        var serverFirst = $"r={nonce},s={Convert.ToBase64String(Salt)},i={Iterations}";
        next = clientFinal =>
        {
            var withoutProof = clientFinal[..clientFinal.IndexOf(",p=", StringComparison.Ordinal)];
            var proof = Convert.FromBase64String(clientFinal[(withoutProof.Length + 3)..]);
            var signed = Encoding.UTF8.GetBytes($"{bare},{serverFirst},{withoutProof}");
            var salted = Rfc2898DeriveBytes.Pbkdf2(options.Password!, Salt, Iterations, HashAlgorithmName.SHA256, 32);
            var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
            var clientKey = HMACSHA256.HashData(storedKey, signed).Zip(proof, (a, b) => (byte)(a ^ b)).ToArray();
            var isRight = SHA256.HashData(clientKey).SequenceEqual(storedKey) && withoutProof == $"c=biws,r={nonce}";
            if (!isRight || !bare.StartsWith($"n={options.Username},", StringComparison.Ordinal))
                return Refused;
            next = _ => Decide(true);
            var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
            return "334 " + Encode("v=" + Convert.ToBase64String(HMACSHA256.HashData(serverKey, signed)));
        };
        return "334 " + Encode(serverFirst);
    }

    private string Decide(bool right)
    {
        Succeeded = right;
        return right ? "235 2.7.0 welcome" : Refused;
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
