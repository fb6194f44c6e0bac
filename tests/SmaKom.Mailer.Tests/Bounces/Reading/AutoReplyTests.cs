using System.Text;
using SmaKom.Mailer.Bounces.Reading;

namespace SmaKom.Mailer.Tests.Bounces.Reading;

/// <summary>A machine that answers for somebody stops nobody; one whose person has left says so.</summary>
public sealed class AutoReplyTests
{
    private const string Marked = "Auto-Submitted: auto-replied";
    private const string Exchange = "X-Auto-Response-Suppress: All";
    private const string Old = "Precedence: junk";
    private const string None = "X-Mailer: none";

    // Swedish
    [TestCase(None, "Autosvar: Novembernumret", "Jag är på semester till den 12 augusti.")]
    [TestCase(None, "Automatiskt svar: Novembernumret", "Tack för ditt mejl. Jag läser det på måndag.")]
    [TestCase(Marked, "Frånvaro", "Jag är föräldraledig. Kontakta registrator@bjurholm.example.")]
    [TestCase(Exchange, "Frånvarande: Novembernumret", "Åter på kontoret i vecka 32.")]
    [TestCase(Marked, "Re: Novembernumret", "Jag är sjukskriven tills vidare. Brådskande ärenden: 090-555 00.")]
    [TestCase(Marked, "Tack för ditt mejl", "Kommunen har tagit emot ditt meddelande, ärende 550 5.1.1.")]
    [TestCase(Old, "Semester", "Kontoret är stängt. Din post är inte levererad till någon handläggare än.")]
    [TestCase(Marked, "Ej på plats: Novembernumret", "Jag är tillbaka i morgon.")]
    [TestCase(Marked, "Jag har slutat för dagen", "Jag har slutat för dagen och svarar i morgon.")]
    // Norwegian
    [TestCase(None, "Automatisk svar: Novembernumret", "Jeg er på ferie frem til uke 31.")]
    [TestCase(Marked, "Fravær", "Jeg er borte i dag. Ved hast, ring sentralbordet.")]
    [TestCase(Exchange, "Ferie", "Kontoret er ferielukket i uke 28 og 29.")]
    [TestCase(Marked, "Permisjon", "Jeg har foreldrepermisjon til mars.")]
    // Danish
    [TestCase(None, "Automatisk besked: Novembernumret", "Jeg holder ferie til og med den 3. august.")]
    [TestCase(Marked, "Fraværende", "Jeg er på barsel. Skriv til borgerservice@kommune.example.")]
    [TestCase(Old, "Ferielukket", "Din mail bliver ikke læst før mandag.")]
    [TestCase(Marked, "Ikke til stede", "Jeg er ikke på kontoret i dag.")]
    // Finnish
    [TestCase(None, "Automaattinen vastaus: Novembernumret", "Olen lomalla 1.–28.7.")]
    [TestCase(None, "Poissaolo", "En lue sähköpostia tällä viikolla.")]
    [TestCase(Marked, "Olen lomalla", "Palaan töihin maanantaina.")]
    [TestCase(Exchange, "Vuosiloma", "Kiireelliset asiat: kirjaamo@kunta.example.")]
    // English
    [TestCase(None, "Out of office: Novembernumret", "I am away until Monday with no access to mail.")]
    [TestCase(None, "Automatic reply: Novembernumret", "I'm on leave. My mailbox is full of nothing.")]
    [TestCase(Marked, "Vacation", "I will read your message when I am back.")]
    [TestCase("X-Autoreply: yes", "Novembernumret", "I'm travelling.")]
    [TestCase("X-Autorespond: Novembernumret", "Re: Novembernumret", "Thank you, we answer within two days.")]
    [TestCase("Precedence: auto_reply", "Novembernumret", "Out today.")]
    [TestCase(Marked, "Auto: thank you", "Your message could not be delivered to a human being yet; user unknown to our sales team.")]
    [TestCase(Marked, "I am away", "She has not left the company, she is on a course.")]
    public void An_absent_persons_machine_has_no_effect(string header, string subject, string text) => Expect(header, subject, text, hasLeft: false);

    // Swedish
    [TestCase(Marked, "Jag har slutat", "Hej, jag har slutat på kommunen. Kontakta Bo Ek.")]
    [TestCase(None, "Autosvar: Novembernumret", "Anna Berg har slutat sin anställning hos oss.")]
    [TestCase(None, "Automatiskt svar: Novembernumret", "Jag arbetar inte längre kvar i Bjurholms kommun.")]
    [TestCase(Marked, "Novembernumret", "Anna jobbar ej kvar. Skriv till kommun@bjurholm.example.")]
    [TestCase(Exchange, "Automatiskt svar", "Jag har gått i pension! Tack för alla år.")]
    [TestCase(Marked, "Frånvaro", "Min anställning i kommunen har upphört.")]
    // Norwegian, Danish
    [TestCase(Marked, "Automatisk svar", "Jeg er sluttet i kommunen.")]
    [TestCase(Marked, "Fravær", "Kari jobber ikke lenger her.")]
    [TestCase(Marked, "Automatisk svar", "Jeg er fratrådt min stilling.")]
    [TestCase(None, "Automatisk besked: Novembernumret", "Jens er ikke længere ansat i kommunen.")]
    // Finnish
    [TestCase(None, "Automaattinen vastaus: Novembernumret", "En työskentele enää kunnassa.")]
    [TestCase(Marked, "Poissaolo", "Matti on jäänyt eläkkeelle.")]
    // English
    [TestCase(None, "Automatic reply: Novembernumret", "Anna no longer works here.")]
    [TestCase(Marked, "Out of office", "I have left the organisation. Write to info@bjurholm.example.")]
    [TestCase(Marked, "Auto reply", "Anna Berg is no longer employed by the municipality.")]
    [TestCase(Marked, "Automatic response", "Anna has retired. This mailbox is not read: user unknown.")]
    public void One_whose_person_has_left_says_so(string header, string subject, string text) => Expect(header, subject, text, hasLeft: true);

    [Test]
    public void What_is_quoted_below_says_nothing()
    {
        Expect(Marked, "Autosvar", "Jag är ledig.\n\n> Anna har slutat, skrev vi i förra numret.", hasLeft: false);
        Expect(Marked, "Autosvar", "Jag är ledig.\n\n----- Original message -----\nFrom: red@nyhetsbrev.example\n\nAnna har slutat.", false);
    }

    [Test]
    public void A_person_who_writes_is_no_machine()
    {
        var mail = Read(None, "Re: Lediga tjänster", "Hej! Anna har slutat hos oss, ta bort henne.");
        Assert.That((mail.Kind, mail.HasLeft, mail.Recipients.Count), Is.EqualTo((ReturnKind.Other, false, 0)));
        Assert.That(mail.MessageIds, Is.EqualTo([SampleReturns.MessageId]));
    }

    private static void Expect(string header, string subject, string text, bool hasLeft)
    {
        var mail = Read(header, subject, text);
        Assert.That((mail.Kind, mail.HasLeft, mail.Recipients.Count), Is.EqualTo((ReturnKind.AutoReply, hasLeft, 0)));
        Assert.That(mail.SentTo, Does.Contain(SampleReturns.ReturnPath));
    }

    private static ReturnedMail Read(string header, string subject, string text) => ReturnReader.Read(Encoding.UTF8.GetBytes(
        $"""
        From: Anna Berg <anna@bjurholm.example>
        To: {SampleReturns.ReturnPath}
        Subject: {subject}
        In-Reply-To: <{SampleReturns.MessageId}>
        {header}
        Content-Type: text/plain; charset=utf-8

        {text}
        """),
        CancellationToken.None);
}
