using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>The fields of the sign-up form, as they were sent.</summary>
public sealed class SignUpForm
{
    public const int LongestText = 100;

    public string? Email { get; set; }
    public string? Name { get; set; }
    public string? Municipality { get; set; }
    public bool Consent { get; set; }

    /// <summary>Ids of the lists that are ticked; null where none were offered.</summary>
    public short[]? Lists { get; set; }

    /// <summary>Hidden from people; whoever fills it in is a program.</summary>
    public string? Website { get; set; }

    /// <summary>From <see cref="FormClock"/>.</summary>
    public string? Shown { get; set; }

    /// <summary><see cref="Consent.Mark"/> of the words that stood beside the box.</summary>
    public string? Wording { get; set; }

    /// <summary>From a form on another site, whose fields have the same names.</summary>
    public static SignUpForm Of(IFormCollection sent) => new()
    {
        Email = sent["Form.Email"],
        Name = sent["Form.Name"],
        Municipality = sent["Form.Municipality"],
        Consent = sent["Form.Consent"] == "true",
        Lists = [.. sent["Form.Lists"].Select(id => short.TryParse(id, CultureInfo.InvariantCulture, out var list) ? list : (short)0)],
        Website = sent["Form.Website"],
        Shown = sent["Form.Shown"],
        Wording = sent["Form.Wording"],
    };

    /// <summary>What the person must mend: field and words. Empty when <paramref name="address"/> can be signed up.</summary>
    /// <param name="consent">What the box says now.</param>
    public IReadOnlyList<(string Field, string Words)> Check(IStringLocalizer<SubscriberWords> words, Consent consent, out EmailAddress address)
    {
        var faults = new List<(string, string)>();
        if (!EmailAddress.TryParse(Email, out address, out var problem)) faults.Add((nameof(Email), words.Problem(problem)));
        faults.AddRange(CheckTexts(words, (nameof(Name), Name), (nameof(Municipality), Municipality)));
        if (!Consent) faults.Add((nameof(Consent), words["Consent.Missing"]));
        else if (Wording != consent.Mark) faults.Add((nameof(Consent), words["Consent.Changed"]));
        return faults;
    }

    /// <summary>Free text that ends up in a table and on pages: one line of characters, not long.</summary>
    public static List<(string Field, string Words)> CheckTexts(IStringLocalizer<SubscriberWords> words,
        params (string Field, string? Value)[] fields)
    {
        var faults = new List<(string, string)>();
        foreach (var (field, value) in fields)
        {
            if (value?.Length > LongestText) faults.Add((field, words["Field.TooLong", LongestText]));
            else if (value is not null && !UnicodeText.IsLine(value)) faults.Add((field, words["Field.Control"]));
        }

        return faults;
    }
}
