using System.Text;
using SmaKom.Mailer.Mail.Mime;
using static SmaKom.Mailer.Tests.Mail.Mime.SampleLetter;

namespace SmaKom.Mailer.Tests.Mail.Mime;

[TestFixture]
public sealed class ListIdentityTests
{
    [TestCase("Nyhetsbrev")]
    [TestCase("Småkommunernas nyhetsbrev")]
    [TestCase("Nyhetsbrev (Småkom)")]
    [TestCase("Nyhetsbrev (Smakom)")]
    [TestCase("Nytt, \"hett\" <A>")]
    [TestCase("Nytt; 100 % \\ grönt: @alla")]
    [TestCase("=?utf-8?Q?x?=")]
    [TestCase("a.b <c@example.org>, d")]
    public void Any_name_comes_back_and_the_identifier_stays_plain(string name)
    {
        var message = Bytes(Draft with { List = new ListIdentity(name, "nyhetsbrev.natverket.example") });
        WireRules.AssertKept(message);
        Assert.That(Encoding.ASCII.GetString(message), Does.Contain("<nyhetsbrev.natverket.example>\r\n"));
        // The same syntax as a mailbox: what splits addresses from names must not find two.
        Assert.That(Read(message), Is.EqualTo(name));
    }

    [Test]
    public void Many_words_in_and_outside_ASCII_come_back()
    {
        var name = string.Join(' ', Enumerable.Range(0, 80).Select(i => i % 3 == 0 ? "möte" : i % 7 == 0 ? "🎉ärende" : "plain"));
        var message = Bytes(Draft with { List = new ListIdentity(name, "nyhetsbrev.natverket.example") });
        WireRules.AssertKept(message);
        Assert.That(Read(message), Is.EqualTo(name));
    }

    [Test]
    public void A_list_without_a_name_has_its_identifier()
    {
        var message = Encoding.ASCII.GetString(Bytes(Draft with { List = new ListIdentity(" ", "a.example") }));
        Assert.That(message, Does.Contain("\r\nList-Id: <a.example>\r\n"));
    }

    [TestCase("lista", "nyhetsbrev")]
    [TestCase("lista", "nyhetsbrev.småkom.example")]
    [TestCase("lista", "a..b")]
    [TestCase("lista", "a.b>c")]
    [TestCase("li\nsta", "a.b")]
    public void What_cannot_stand_there_is_refused(string name, string id) => Assert.Throws<MimeException>(() => _ = new ListIdentity(name, id));

    private static string Read(byte[] message)
    {
        using var stream = new MemoryStream(message);
        var value = MimeKit.MimeMessage.Load(stream).Headers[MimeKit.HeaderId.ListId]!;
        var identifier = value.LastIndexOf('<');
        var phrase = value[..identifier].Trim();
        return phrase.StartsWith('"') ? MimeKit.Utils.MimeUtils.Unquote(phrase) : phrase;
    }
}
