using System.Buffers;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>A sample letter as a whole message to one invented person, with the headers of a real send.</summary>
public static class SampleEml
{
    private static readonly DateTimeOffset Sent = new(2026, 11, 2, 9, 0, 0, TimeSpan.FromHours(1));

    public static byte[] Of(string name, RenderedLetter letter, bool isIssue)
    {
        var template = LetterTemplate.Encode(new LetterDraft
        {
            From = new Mailbox("SmåKom", "kansli@smakom.example.org"),
            Subject = letter.Subject,
            Text = letter.Text,
            Html = letter.Html,
            List = isIssue ? new ListIdentity("SmåKom", "nyhetsbrev.smakom.example.org") : null,
            Headers = isIssue ? IssueHeaders : [("Auto-Submitted", "auto-generated"), NoAutoReply],
            Markers = new SlotMarkers("sample"),
            Slots = [new Slot("token", SlotKind.Token), new Slot("address", SlotKind.Text)],
        });
        var message = new ArrayBufferWriter<byte>();
        var person = new Mailbox("Åsa Örn", "asa.orn@tallmora.example.org");
        template.Splice(new PersonalLetter(person, $"{name}.1@post.example.org", Sent, ["Zm9yLXNhbXBsZXMtb25seQ", person.Address]), message);
        return message.WrittenSpan.ToArray();
    }

    private static readonly (string, string) NoAutoReply = ("X-Auto-Response-Suppress", "OOF, AutoReply");

    private static (string, string)[] IssueHeaders =>
    [
        ("List-Unsubscribe", $"<https://post.example.org/avsluta/{SampleLetters.TokenSlot}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Precedence", "bulk"),
        NoAutoReply,
    ];
}
