using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SmaKom.Mailer.Web;

/// <summary>
/// What somebody searched for, as it may stand in a page's address: encrypted with the key ring. People search for mail addresses, and addresses
/// of pages stay in histories and logs; yet a search must survive paging, the back button and being kept as a bookmark (decision 14).
/// </summary>
public sealed class SealedSearch(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Web.SealedSearch");

    /// <summary>Letters, digits, "-" and "_" only; another each time, for the same text too.</summary>
    public string Seal(string text) => protector.Protect(text);

    /// <summary>False: it was not sealed here.</summary>
    public bool TryOpen(string seal, out string text)
    {
        try
        {
            text = protector.Unprotect(seal);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            text = "";
            return false;
        }
    }
}
