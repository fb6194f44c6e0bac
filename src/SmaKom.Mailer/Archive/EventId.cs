using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Archive;

/// <summary>
/// Which event it is, whatever issue tells of it: its name, when it begins and where. What is told of it besides may change from issue to issue; an
/// event that was moved is another one.
/// </summary>
internal static class EventId
{
    /// <summary>16 characters of Base32. Null: nobody could find the event by what is said of it.</summary>
    public static string? Of(EventItem item)
    {
        if (item.Start == default || string.IsNullOrWhiteSpace(item.Name)) return null;
        var start = string.Create(CultureInfo.InvariantCulture, $"{item.Start:yyyy-MM-dd} {item.StartTime:HH\\:mm}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Plain(item.Name)}\n{start}\n{Plain(item.Place ?? "")}"));
        return Base32.Encode(hash.AsSpan(0, 10));
    }

    private static string Plain(string text) =>
        string.Join(' ', text.Normalize(NormalizationForm.FormC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
