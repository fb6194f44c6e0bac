using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>What a person agrees to by ticking the box, word for word (GDPR article 7.1: it must be provable afterwards).</summary>
/// <param name="Form">The address of the page with the form.</param>
public sealed record Consent(string Version, string Text, string Language, string Form)
{
    /// <summary>Tells whether a form that was shown, or copied to another site, earlier has these very words: 12 hexadecimal digits.</summary>
    [JsonIgnore]
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version} {Language} {Text}")).AsSpan(0, 6));
}

/// <summary>The words beside the box, for this organisation and language.</summary>
public sealed class ConsentWording(IStringLocalizer<SubscriberWords> words, IOptions<SenderOptions> sender, IOptions<SiteOptions> site,
    NewsletterName newsletter)
{
    /// <summary>Goes up when the words <c>Consent.Text</c> change.</summary>
    public const string Version = "2";

    /// <param name="form">Where the form stands: a path of ours, or another site.</param>
    public Consent Current(string form = "/prenumerera") => new(
        Version,
        words["Consent.Text", newsletter.Plain, sender.Value.Organisation],
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
        form.StartsWith('/') ? site.Value.PublicUrl + form : form);
}
