using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Notices;

/// <summary>
/// A letter of each kind, written with the settings as they are and thrown away: what no letter can be written with is told when it is set,
/// not at an issue's hour.
/// </summary>
public sealed class TrialLetters(LetterFreezer issues, NoticeLetters notices, LinkAddresses addresses, IOptions<SenderOptions> sender)
{
    /// <exception cref="ConfigurationException">One cannot be written; the message says why.</exception>
    public async Task WriteAsync()
    {
        try
        {
            var issue = Specimen.Issue;
            Address(await issues.FreezeAsync("2026-01", issue, new(issue.Language, LegalBasis.Consent, LetterFormat.Html)));
            var link = addresses.Confirm(LinkSigner.TestToken);
            foreach (var kind in Enum.GetValues<NoticeKind>().Where(kind => kind != NoticeKind.TestLetter))
                Address(await notices.EncodeAsync(kind, issue.Language, [link, link, link], DateTimeOffset.UnixEpoch));
        }
        catch (MimeException wrong)
        {
            // Without an inner exception: it is a setting's fault, in words.
            throw new ConfigurationException(SettingWords.Say("Letter", wrong.Field, wrong.Problem));
        }
    }

    private void Address(LetterTemplate letter) => letter.Splice(
        new PersonalLetter(
            new Mailbox(null, sender.Value.Address), $"x@{sender.Value.Domain}", DateTimeOffset.UnixEpoch,
            [.. letter.Slots.Select(slot => slot.Kind == SlotKind.Token ? LinkSigner.TestToken : sender.Value.Address)]),
        new System.Buffers.ArrayBufferWriter<byte>());
}
