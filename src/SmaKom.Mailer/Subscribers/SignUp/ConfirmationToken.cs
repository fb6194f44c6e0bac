using System.Buffers.Text;
using System.Security.Cryptography;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>192 random bits that stand in one mail; the database holds their SHA-256 only, so reading it confirms nobody.</summary>
public sealed record ConfirmationToken(string Text)
{
    private const int Size = 24;

    public byte[] Hash => SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Text));

    public static ConfirmationToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size)));
}
