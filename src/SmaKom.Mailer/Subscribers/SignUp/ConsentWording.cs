using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>What a person agrees to by ticking the box, word for word (GDPR article 7.1: it must be provable afterwards).</summary>
public sealed record Consent(string Version, string Text, string Language, string Form);

/// <summary>The words beside the box, for this organisation and language.</summary>
public sealed class ConsentWording(IStringLocalizer<SubscriberWords> words, IOptions<SenderOptions> sender, IOptions<SiteOptions> site,
    NewsletterName newsletter)
{
    /// <summary>Goes up when the words <c>Consent.Text</c> change.</summary>
    public const string Version = "2";

    public Consent Current() => new(
        Version,
        words["Consent.Text", newsletter.Plain, sender.Value.Organisation],
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
        $"{site.Value.PublicUrl}/prenumerera");
}
