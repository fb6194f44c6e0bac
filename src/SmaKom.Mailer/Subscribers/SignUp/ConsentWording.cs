using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>What a person agrees to by ticking the box, word for word (GDPR article 7.1: it must be provable afterwards).</summary>
/// <param name="Lists">What was ticked, by name, where the words beside the box speak of it; null: they name it themselves.</param>
/// <param name="Form">The address of the page with the form.</param>
public sealed record Consent(string Version, string Text, string Language, string Form, IReadOnlyList<string>? Lists = null)
{
    /// <summary>Tells whether a form that was shown, or copied to another site, earlier has these very words: 12 hexadecimal digits.</summary>
    [JsonIgnore]
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version} {Language} {Text}")).AsSpan(0, 6));
}

/// <summary>The words beside the box, for this organisation and language.</summary>
public sealed class ConsentWording(IStringLocalizer<SubscriberWords> words, IOptions<SenderOptions> sender, IOptions<SiteOptions> site,
    NewsletterName newsletter)
{
    /// <summary>Goes up when the words <c>Consent.Text</c> or <c>Consent.Chosen</c> change.</summary>
    public const string Version = "2";

    /// <summary>Beside the box of a form that offers these lists.</summary>
    /// <param name="chosen">Those of them that are ticked: all, where there is one.</param>
    /// <param name="form">Where the form stands: a path of ours, or another site.</param>
    public Consent Offered(IReadOnlyList<MailingList> open, IReadOnlyList<MailingList> chosen, string form = "/prenumerera") =>
        open.Count > 1 ? OfChosen(chosen, form) : Of(open, form);

    /// <param name="lists">Those that are agreed to; none: the newsletter.</param>
    /// <param name="form">Where the form stands: a path of ours, or another site.</param>
    public Consent Of(IReadOnlyList<MailingList> lists, string form) => new(
        Version,
        words["Consent.Text", Names(lists), sender.Value.Organisation],
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
        form.StartsWith('/') ? site.Value.PublicUrl + form : form);

    // The words are the same whatever is ticked, and what was ticked is kept with them.
    private Consent OfChosen(IReadOnlyList<MailingList> chosen, string form) => Of(chosen, form) with
    {
        Text = words["Consent.Chosen", sender.Value.Organisation],
        Lists = [.. chosen.Select(list => newsletter.PlainOf(list.Name))],
    };

    /// <summary>nyhetsbrevet, ”Inbjudningar”</summary>
    private string Names(IReadOnlyList<MailingList> lists) =>
        lists.Count == 0 ? newsletter.Plain : newsletter.PlainOf([.. lists.Select(list => list.Name)]);
}
