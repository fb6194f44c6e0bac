using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Subscribers.Preferences;

/// <summary>The fields of <c>/uppgifter/{token}</c>, as they were sent.</summary>
public sealed class DetailsForm
{
    public string? Name { get; set; }
    public string? Municipality { get; set; }
    public string? Language { get; set; }
    public LetterFormat Format { get; set; }

    /// <summary>Ids of the lists that are ticked; read only where the form showed them.</summary>
    public short[]? Lists { get; set; }
    public bool ShowsLists { get; set; }

    public IReadOnlyList<(string Field, string Words)> Check(IStringLocalizer<SubscriberWords> words)
    {
        var faults = SignUpForm.CheckTexts(words, (nameof(Name), Name), (nameof(Municipality), Municipality));
        if (!Enum.IsDefined(Format)) faults.Add((nameof(Format), words["Field.Choice"]));
        return faults;
    }

    public DetailsChange Change() => new(Blank(Name), Blank(Municipality), Languages.Known(Language), Format);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
