using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

public sealed class EmailAddressTests
{
    [TestCase("Anna.Berg@Gransele.Example", "anna.berg@gransele.example")]
    [TestCase("  anna@gransele.example ", "anna@gransele.example")]
    [TestCase("åsa@räksmörgås.example", "åsa@xn--rksmrgs-5wao1o.example")]
    [TestCase("anna+nyheter@gransele.example", "anna+nyheter@gransele.example")]
    public void Addresses_of_one_person_share_a_key(string written, string key)
    {
        Assert.That(EmailAddress.TryParse(written, out var address, out _));
        Assert.That(address.Key, Is.EqualTo(key));
        Assert.That(address.Text, Is.EqualTo(written.Trim()));
    }

    [TestCase("", "EmailAddress.Empty")]
    [TestCase(null, "EmailAddress.Empty")]
    [TestCase("anna", "EmailAddress.NoAt")]
    [TestCase("@gransele.example", "EmailAddress.NoLocalPart")]
    [TestCase("anna@", "EmailAddress.NoDomain")]
    [TestCase("anna berg@gransele.example", "EmailAddress.Space")]
    [TestCase("anna@gransele.example\r\nRCPT TO:<x@y.example>", "EmailAddress.Space")]
    [TestCase("anna..berg@gransele.example", "EmailAddress.LocalPart")]
    [TestCase("\"anna\"@gransele.example", "EmailAddress.LocalPart")]
    [TestCase("a@b@gransele.example", "EmailAddress.LocalPart")]
    [TestCase("anna@gransele", "EmailAddress.Domain")]
    [TestCase("anna@[127.0.0.1]", "EmailAddress.Domain")]
    [TestCase("anna@127.0.0.1", "EmailAddress.Domain")]
    [TestCase("anna@gran_sele.example", "EmailAddress.Domain")]
    [TestCase("anna@-gransele.example", "EmailAddress.Domain")]
    public void What_is_not_an_address_is_named(string? written, string problem)
    {
        Assert.That(EmailAddress.TryParse(written, out _, out var found), Is.False);
        Assert.That(found, Is.EqualTo(problem));
    }
}
