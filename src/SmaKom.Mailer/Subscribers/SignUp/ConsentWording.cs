using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>What a person agrees to by ticking the box, word for word (GDPR article 7.1: it must be provable afterwards).</summary>
/// <param name="Lists">What was ticked, by name, where the words beside the box speak of it; null: they name it themselves.</param>
public sealed record Consent(string Version, string Text, string Language, string Form, IReadOnlyList<string>? Lists = null);

/// <summary>The words beside the box, for this organisation and language.</summary>
public sealed class ConsentWording(IStringLocalizer<SubscriberWords> words, IOptions<SenderOptions> sender, IOptions<SiteOptions> site,
    NewsletterName newsletter)
{
    /// <summary>Goes up when the words <c>Consent.Text</c> or <c>Consent.Chosen</c> change.</summary>
    public const string Version = "2";

    /// <param name="lists">Those that are agreed to; none: the newsletter.</param>
    /// <param name="form">Path of the form.</param>
    public Consent Of(IReadOnlyList<MailingList> lists, string form = "/prenumerera") => new(
        Version,
        words["Consent.Text", Names(lists), sender.Value.Organisation],
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
        $"{site.Value.PublicUrl}{form}");

    /// <summary>Beside a box under lists to tick: the words are the same whatever is ticked, and what was ticked is kept with them.</summary>
    public Consent OfChosen(IReadOnlyList<MailingList> chosen) => Of(chosen) with
    {
        Text = words["Consent.Chosen", sender.Value.Organisation],
        Lists = [.. chosen.Select(list => newsletter.PlainOf(list.Name))],
    };

    /// <summary>nyhetsbrevet, ”Inbjudningar”</summary>
    private string Names(IReadOnlyList<MailingList> lists) =>
        lists.Count == 0 ? newsletter.Plain : newsletter.PlainOf([.. lists.Select(list => list.Name)]);
}
