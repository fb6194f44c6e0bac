using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Archive.Faults;

/// <summary>The fields of a report of an accessibility fault, as they were sent. Whoever reports need not say who they are.</summary>
public sealed class FaultForm
{
    public const int LongestText = 4000;
    public const int LongestPage = 200;

    public string? What { get; set; }

    /// <summary>Which page it was about.</summary>
    public string? Page { get; set; }

    /// <summary>Where an answer is wanted.</summary>
    public string? Reply { get; set; }

    /// <summary>Hidden from people; whoever fills it in is a program.</summary>
    public string? Website { get; set; }

    /// <summary>From <see cref="Subscribers.SignUp.FormClock"/>.</summary>
    public string? Shown { get; set; }

    /// <summary>What must be mended: field and words.</summary>
    public IReadOnlyList<(string Field, string Words)> Check(IStringLocalizer<FaultWords> words)
    {
        var faults = new List<(string, string)>();
        if (string.IsNullOrWhiteSpace(What)) faults.Add((nameof(What), words["What.Missing"]));
        else if (What.ReplaceLineEndings("\n").Length > LongestText) faults.Add((nameof(What), words["What.TooLong", LongestText]));
        if (Page?.Length > LongestPage) faults.Add((nameof(Page), words["Page.TooLong", LongestPage]));
        if (!string.IsNullOrWhiteSpace(Reply) && !EmailAddress.TryParse(Reply, out _, out _)) faults.Add((nameof(Reply), words["Reply.Bad"]));
        return faults;
    }

    /// <summary>As it is mailed: lines of text, without what steers a terminal or a mail.</summary>
    public static string Plain(string? text) =>
        string.Concat(UnicodeText.WellFormed(text ?? "").ReplaceLineEndings("\n").Where(c => c == '\n' || !char.IsControl(c))).Trim();
}
