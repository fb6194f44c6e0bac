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

    [TestCase("Namn;Adress;Postnr;Ort;E-post\nRut Ek;Storgatan 1;123 45;Harsjö;rut@harsjo.example")]
    [TestCase("Namn;Mail;E-post\nRut Ek;Ja;rut@harsjo.example")]
    [TestCase("Namn;E-postadress (privat)\nRut Ek;rut@harsjo.example")]
    [TestCase("Namn;Kontakt\nRut Ek;rut@harsjo.example", Description = "a heading that promises nothing")]
    [TestCase("Medlemsregister 2026;;\nNamn;E-post;Kommun\nRut Ek;rut@harsjo.example;Harsjö")]
    [TestCase("sep=;\nNamn;E-post\nRut Ek;rut@harsjo.example")]
    [TestCase("Register, uttag 1, 2026, kansliet\nFrågor: kansliet@smakom.example\n\nNamn;E-post\nRut Ek;rut@harsjo.example")]
    [TestCase("First Name,Middle Name,Last Name,Notes,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Address 1 - Label\n"
        + "Rut,,Ek,,* Work,rut@harsjo.example,Home,rut@hem.example,Storgatan 1", Description = "Google")]
    [TestCase("Namn,E-post 1 - etikett,E-post 1 - värde\nRut Ek,Arbete,rut@harsjo.example ::: rut@hem.example",
        Description = "Google, two in a cell")]
    [TestCase("Title,First Name,Last Name,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address\n"
        + ",Rut,Ek,rut@harsjo.example,SMTP,Rut Ek (rut@harsjo.example),rut@hem.example", Description = "Outlook")]
    [TestCase("\"Förnamn\",\"Efternamn\",\"E-postadress\",\"E-posttyp\",\"Visningsnamn för e-post\"\n"
        + "\"Rut\",\"Ek\",\"rut@harsjo.example\",\"SMTP\",\"Rut Ek (rut@harsjo.example)\"", Description = "Outlook, in Swedish")]
    [TestCase("Email Address,First Name,Last Name,Address,Tags,OPTIN_TIME\nrut@harsjo.example,Rut,Ek,Storgatan 1,,2026-01-01",
        Description = "Mailchimp")]
    [TestCase("E-post;E-post 2;Namn\n;rut@harsjo.example;Rut Ek", Description = "the first is blank")]
    [TestCase("E-post\nRut Ek <rut@harsjo.example>")]
    [TestCase("E-post\n\"\"\"Ek, Rut\"\" <rut@harsjo.example>\"", "Ek, Rut")]
    [TestCase("E-post;Namn\nmailto:rut@harsjo.example?subject=hej;Rut Ek")]
    [TestCase("E-post;Namn\n=\"rut@harsjo.example\";Rut Ek")]
    [TestCase("E-post;Namn\n\"=\"\"rut@harsjo.example\"\"\";Rut Ek")]
    [TestCase("E-post;Namn\nrut@harsjo.example.;Rut Ek")]
    [TestCase("E-post;Namn\n\u200Brut@harsjo.example\u00A0;Rut\u2028Ek")]
    [TestCase("Namn;Postadress;E-post\r\n\"Rut Ek\";\"Storgatan 1\r\n\r\n123 45 Harsjö\";rut@harsjo.example\r\n", Description = "lines in a cell")]
    public async Task The_column_that_holds_addresses_is_taken_and_the_address_is_read_as_it_is_written(string text, string name = "Rut Ek")
    {
        var row = (await ReadAsync(Encoding.UTF8.GetBytes(text))).Single();
        Assert.That((row.Address?.Text, row.Name, row.Problem), Is.EqualTo(("rut@harsjo.example", name, (string?)null)));
    }

    [Test]
    public async Task A_line_break_in_a_cell_joins_its_lines_and_a_forgotten_quote_swallows_nobody()
    {
        var rows = await ReadAsync(
            """
            Namn;Postadress;E-post
            "Rut Ek";"Storgatan 1
            123 45 Harsjö";rut@harsjo.example
            Nils Ek;Lillgatan 2;nils@harsjo.example
            Bo;"Lillgatan 3;bo@harsjo.example
            Cia;"Lillgatan 4";cia@harsjo.example
            Dan;Lillgatan 5";dan@harsjo.example
            "Eva
            """u8.ToArray());
        Assert.That(rows.Select(row => (row.Line, row.Name, row.Problem)), Is.EqualTo(new[]
        {
            (2, (string?)"Rut Ek", (string?)null),
            (4, "Nils Ek", null),
            (5, null, "Import.OpenQuote"),
            (6, "Cia", null),
            (7, "Dan", null),
            (8, null, "Import.OpenQuote"),
        }));
    }

    [Test]
    public async Task Blank_rows_are_no_rows_and_languages_are_words()
    {
        var rows = await ReadAsync(
            """
            E-post;Språk;;
            ett@alvhed.example;Svenska;;
            ;;;
            två@alvhed.example;sv-SE;;
             ; ;;

            tre@alvhed.example;SV;;
            fyra@alvhed.example;Engelska
            fem@alvhed.example;English (UK)
            sex@alvhed.example;finska
            """u8.ToArray());
        Assert.That(rows.Select(row => (row.Line, row.Language, row.Problem)), Is.EqualTo(new[]
        {
            (2, (string?)"sv", (string?)null), (4, "sv", null), (7, "sv", null), (8, "en", null), (9, "en", null), (10, null, "Import.Language"),
        }));
    }

    [TestCase("anna@gransele.example, bo@gransele.example", "Import.SeveralAddresses")]
    [TestCase("anna@gransele.example; bo@gransele.example", "Import.SeveralAddresses")]
    [TestCase("anna@gransele.example bo@gransele.example", "Import.SeveralAddresses")]
    [TestCase("anna@gransele.example;", null)]
    public async Task Several_addresses_in_one_field_are_told_as_such(string field, string? problem) =>
        Assert.That((await ReadAsync(Encoding.UTF8.GetBytes($"Namn\tE-post\nA\t{field}\n"))).Single().Problem, Is.EqualTo(problem));

    [Test]
    public async Task Invisible_characters_make_nobody_twice()
    {
        var rows = await ReadAsync(Encoding.UTF8.GetBytes(
            "Namn;E-post\nA;anna@gransele.example\u00A0\nB;\u200Banna@gransele.example\n"
            + "C;an\u00ADna@gransele.example\nD;anna@gransele.example\uFFFD\n"));
        Assert.That(rows.Select(row => row.Address?.Key ?? row.Problem), Is.EqualTo(new[]
        {
            "anna@gransele.example", "anna@gransele.example", "EmailAddress.Hidden U+00AD", "EmailAddress.Hidden U+FFFD",
        }));
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
        return await (await ImportFile.OpenAsync(stream, default)).ReadAsync(default).ToListAsync();
    }
}
