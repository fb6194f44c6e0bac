using System.Security.Cryptography;
using System.Text;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>Names what an issue says, so that a test letter counts for that and for nothing else: any edit makes it another.</summary>
public static class ContentHash
{
    /// <returns>SHA-256 in hexadecimal of the content with its ids, as it is stored after an edit.</returns>
    public static string Of(IssueContent content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(IssueContentJson.Serialize(DraftPart.WithIds(content)))));
}
