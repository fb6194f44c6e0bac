using System.Text;
using SmaKom.Mailer.Subscribers.Import;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class ImportFileTests
{
    [TestCase("E-post;Namn;Kommun\nåsa@gransele.example;Åsa Öman;Gransele")]
    [TestCase("Namn,Kommun,E-mail\nÅsa Öman,Gransele,åsa@gransele.example")]
    [TestCase("municipality\tname\temail address\r\nGransele\tÅsa Öman\tåsa@gransele.example\r\n")]
    [TestCase("\n\"E-postadress\";\"Förnamn\";\"Efternamn\";\"Kommun\"\n\"åsa@gransele.example\";\"Åsa\";\"Öman\";\"Gransele\"\n")]
    public async Task Separators_and_headers_are_found_by_themselves(string text)
    {
        var row = (await ReadAsync(Encoding.UTF8.GetBytes(text))).Single();
        Assert.That((row.Address?.Text, row.Name, row.Municipality, row.Problem),
            Is.EqualTo(("åsa@gransele.example", "Åsa Öman", "Gransele", (string?)null)));
    }

    [TestCase("utf-8", true)]
    [TestCase("utf-8", false)]
    [TestCase("windows-1252", false)]
    [TestCase("utf-16", true)]
    public async Task Encodings_are_found_by_themselves(string name, bool mark)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        var text = encoding.GetBytes("E-post;Namn\nbo@alvhed.example;Bo Ångström");
        var row = (await ReadAsync(mark ? [.. encoding.GetPreamble(), .. text] : text)).Single();
        Assert.That((row.Address?.Text, row.Name), Is.EqualTo(("bo@alvhed.example", "Bo Ångström")));
    }

    [Test]
    public async Task A_character_that_the_buffer_cuts_is_still_utf8()
    {
        var filler = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{"åäö"[i % 3]}{i}@alvhed.example;Ö\n"));
        foreach (var shift in new[] { "", "x", "xx" })
        {
            var rows = await ReadAsync(Encoding.UTF8.GetBytes($"E-post;Namn\n{shift}a@alvhed.example;Ö\n{filler}"));
            Assert.That(rows.Select(row => row.Name).Distinct(), Is.EqualTo(new[] { "Ö" }));
        }
    }

    [Test]
    public async Task A_broken_row_says_which_line_and_why_and_stops_no_other()
    {
        var rows = await ReadAsync(
            """
            E-post;Namn;Kommun;Språk
            ett@alvhed.example;Ett;Alvhed;sv

            utan snabel-a;Två;Alvhed;sv
            ;Tre;Alvhed;sv
            fyra@alvhed.example;"Fyra;Alvhed;sv
            fem@alvhed.example;Fem;Alvhed;sv
            sex@alvhed.example;Sex;Alvhed;sv;för mycket
            sju@alvhed.example;Sju "Sjuan" Svensson;Alvhed;sv
            åtta@alvhed.example;Åtta;Alvhed;tlh
            nio@alvhed.example
            tio@alvhed.example;Tio;Alvhed;en;;
            """u8.ToArray());
        Assert.That(rows.Select(row => (row.Line, row.Problem)), Is.EqualTo(new[]
        {
            (2, (string?)null),
            (4, "EmailAddress.NoAt"),
            (5, "EmailAddress.Empty"),
            (6, "Import.OpenQuote"),
            (7, null),
            (8, "Import.TooManyFields"),
            (9, null),
            (10, "Import.Language"),
            (11, null),
            (12, null),
        }));
        Assert.That(rows[3].Raw, Is.EqualTo("fyra@alvhed.example;\"Fyra;Alvhed;sv"));
        Assert.That(rows[6].Name, Is.EqualTo("Sju \"Sjuan\" Svensson"));
    }

    [TestCase("", "Import.Empty")]
    [TestCase("\n\n", "Import.Empty")]
    [TestCase("Namn;Kommun\nÅsa;Gransele", "Import.NoAddressColumn")]
    [TestCase("åsa@gransele.example;Åsa", "Import.NoAddressColumn")]
    public void A_file_without_addresses_is_refused_whole(string text, string problem) =>
        Assert.That(Assert.ThrowsAsync<ImportFileException>(() => ReadAsync(Encoding.UTF8.GetBytes(text)))!.Problem, Is.EqualTo(problem));

    private static async Task<List<ImportRow>> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await ImportFile.ReadAsync(stream, default).ToListAsync();
    }
}
