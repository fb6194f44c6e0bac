using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp.Embed;

/// <summary>What an association pastes into its own site, in the language of the page that shows it.</summary>
public sealed class EmbedCode(
    IStringLocalizer<SubscriberWords> words, ConsentWording wording, MailingLists lists,
    LinkAddresses links, IOptions<SiteOptions> site, NewsletterName newsletter)
{
    /// <summary>Pixels: the form with its longest texts in a column of 320 px, so that no page needs a second scroll bar.</summary>
    private const int Height = 760;

    /// <summary>Of the frame's page on this site.</summary>
    public static string FramePath(EmbedColours colours) => $"{EmbedEndpoints.Frame}?{Language}&{colours.Query}";

    public string Frame(EmbedColours colours) =>
        $"""
        <iframe src="{Encode(site.Value.PublicUrl + FramePath(colours))}"
          title="{Encode(words["Embed.FrameTitle", newsletter.Plain])}" width="100%" height="{Height}" style="border:0;max-width:40rem"></iframe>
        """;

    /// <summary>Plain HTML that takes the look of the site around it; only its button has a colour.</summary>
    public async Task<string> FormAsync(EmbedColours colours, CancellationToken ct)
    {
        var open = await lists.OpenAsync(ct);
        var consent = wording.Offered(open, []);
        return $"""
        <form action="{Encode($"{site.Value.PublicUrl}{EmbedEndpoints.Snippet}?{Language}")}" method="post" accept-charset="utf-8">
          <input type="hidden" name="Form.Wording" value="{consent.Mark}">
          <p><label for="nyhetsbrev-epost">{Said("SignUp.Email")}</label><br>
            <input id="nyhetsbrev-epost" name="Form.Email" type="email" autocomplete="email" maxlength="254" required></p>
          <p><label for="nyhetsbrev-namn">{Said("SignUp.Name")}</label><br>
            <input id="nyhetsbrev-namn" name="Form.Name" autocomplete="name" maxlength="{SignUpForm.LongestText}"></p>
          <p><label for="nyhetsbrev-kommun">{Said("SignUp.Municipality")}</label><br>
            <input id="nyhetsbrev-kommun" name="Form.Municipality" maxlength="{SignUpForm.LongestText}"></p>
          <p hidden><label>{Said("SignUp.Lure")} <input name="Form.Website" tabindex="-1" autocomplete="off"></label></p>
        {Choices(open)}  <p><label><input type="checkbox" name="Form.Consent" value="true" required>
            {Encode(consent.Text)}</label></p>
          <p><button style="padding:.7em 1.2em;border:0;background:{colours.Button};color:{colours.OnButton}">{Said("SignUp.Send")}</button></p>
          <p>{Said("SignUp.Next")} <a href="{Encode(links.Privacy)}">{Said("SignUp.PrivacyLink")}</a></p>
        </form>
        """;
    }

    // Nothing where there is one list to come to.
    private string Choices(IReadOnlyList<MailingList> open) => open.Count < 2 ? ""
        : $"  <fieldset><legend>{Said("SignUp.Lists")}</legend>\n" + string.Concat(open.Select(list =>
            $"""    <label><input type="checkbox" name="Form.Lists" value="{list.Id}"> {Encode(lists.NameOf(list))}</label><br>""" + "\n"))
            + "  </fieldset>\n";

    private static string Language => $"{RequestLanguage.QueryKey}={CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}";

    private string Said(string key) => Encode(words[key]);

    private static string Encode(string text) => HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All).Encode(text);
}
