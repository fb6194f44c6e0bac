using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>When a form was shown, in a field that cannot be forged: what is sent back at once was filled in by a program.</summary>
public sealed class FormClock(IDataProtectionProvider protection, DatabaseClock time)
{
    private static readonly TimeSpan Latest = TimeSpan.FromHours(24);

    private readonly IDataProtector protector = protection.CreateProtector("SignUp.FormClock");

    /// <param name="ago">Shown so long ago already: whoever is asked to press the button once more is not asked to wait, too.</param>
    public string Stamp(TimeSpan ago = default)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (time.GetUtcNow() - ago).ToUnixTimeMilliseconds());
        return WebEncoders.Base64UrlEncode(protector.Protect(bytes));
    }

    /// <summary>Neither sooner than a person can have filled the form in, nor a day or more after it was shown.</summary>
    public bool IsTimely(string? stamp, TimeSpan atLeast) => Age(stamp) is { } age && age >= atLeast && age <= Latest;

    /// <summary>How long ago the form was shown; null when the stamp is not ours.</summary>
    public TimeSpan? Age(string? stamp)
    {
        try
        {
            var bytes = protector.Unprotect(WebEncoders.Base64UrlDecode(stamp ?? ""));
            return time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
