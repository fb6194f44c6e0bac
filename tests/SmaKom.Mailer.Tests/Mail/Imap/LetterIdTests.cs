using SmaKom.Mailer.Mail.Imap;

namespace SmaKom.Mailer.Tests.Mail.Imap;

public sealed class LetterIdTests
{
    [TestCase("1700000000.17")]
    [TestCase("4294967295.4294967295")]
    public void What_is_shown_can_be_said_back(string text) => Assert.That($"{LetterId.Parse(text)}", Is.EqualTo(text));

    [TestCase("")]
    [TestCase("17")]
    [TestCase("1.2.3")]
    [TestCase("1.0")]
    [TestCase("1.-2")]
    [TestCase("1. 2")]
    [TestCase("1.4294967296")]
    public void Anything_else_is_no_number(string text) => Assert.That(LetterId.Parse(text), Is.Null);
}
