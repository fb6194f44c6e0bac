using System.Buffers;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

/// <summary>A complete letter, of which a test changes only what it is about.</summary>
public static class SampleLetter
{
    public static readonly SlotMarkers Markers = new("n0nce");
    public static readonly DateTimeOffset Morning = new(2026, 11, 1, 9, 0, 0, TimeSpan.FromHours(1));

    public static LetterDraft Draft => new()
    {
        From = new Mailbox("Småkommunernas nätverk", "nyhetsbrev@natverket.example"),
        Subject = "Nyhetsbrev för november",
        Text = $"Hej {Markers["name"]}!\n\nVälkommen till årets första möte.\n\nAvsluta: https://natverket.example/avsluta/{Markers["token"]}\n",
        Html = $"<p>Hej {Markers["name"]}!</p>\n<p><a href=\"https://natverket.example/avsluta/{Markers["token"]}\">Avsluta</a></p>\n",
        Markers = Markers,
        Slots = [new Slot("token", SlotKind.Token), new Slot("name", SlotKind.Text)],
        List = new ListIdentity("Småkommunernas nyhetsbrev", "nyhetsbrev.natverket.example"),
        Headers =
        [
            ("List-Unsubscribe",
                $"<https://natverket.example/avsluta/{Markers["token"]}>, <mailto:avsluta+{Markers["token"]}@natverket.example?subject=avsluta>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "bulk"),
        ],
    };

    public static PersonalLetter Person => new(new Mailbox("Åsa Öberg", "asa@example.org"), "1.42@natverket.example", Morning, ["dG9rZW4-_1", "Åsa"]);

    public static byte[] Bytes(LetterDraft? draft = null, PersonalLetter? person = null)
    {
        var output = new ArrayBufferWriter<byte>();
        LetterTemplate.Encode(draft ?? Draft).Splice(person ?? Person, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>One text slot, alone on a line of both parts.</summary>
    public static byte[] WithValue(string value) => Bytes(
        Draft with { Text = $"a\n{Markers["name"]}\nb\n", Html = $"<p>{Markers["name"]}</p>\n" },
        Person with { SlotValues = ["t", value] });
}
