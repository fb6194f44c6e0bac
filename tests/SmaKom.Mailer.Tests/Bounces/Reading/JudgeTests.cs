using System.Globalization;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Bounces.Reading;

/// <summary>What a refusal means: words before codes.</summary>
public sealed class JudgeTests
{
    // Codes alone (RFC 3463, RFC 5321).
    [TestCase("5.1.1", 550, "", BounceClass.Hard)]
    [TestCase("5.1.6", 550, "", BounceClass.Hard)]
    [TestCase("5.1.0", 550, "", BounceClass.Ambiguous)]
    [TestCase("5.2.1", 550, "", BounceClass.Ambiguous)]
    [TestCase("5.2.2", 552, "", BounceClass.Soft)]
    [TestCase("5.3.4", 552, "", BounceClass.Ours)]
    [TestCase("5.4.4", 550, "", BounceClass.Soft)]
    [TestCase("5.5.0", 550, "", BounceClass.Ours)]
    [TestCase("5.7.26", 550, "", BounceClass.Ours)]
    [TestCase("5.7.13", 525, "", BounceClass.Ambiguous)]
    [TestCase("5.0.0", 556, "", BounceClass.Hard)]
    [TestCase("4.4.7", null, "", BounceClass.Soft)]
    [TestCase("4.1.1", 450, "", BounceClass.Soft)]
    [TestCase(null, 550, "", BounceClass.Ambiguous)]
    [TestCase(null, 421, "", BounceClass.Soft)]
    [TestCase(null, 521, "", BounceClass.Hard)]
    [TestCase(null, null, "", BounceClass.Ambiguous)]
    // Words, of many families.
    [TestCase("5.1.1", 550, "User anna@bjurholm.example does not exist", BounceClass.Hard)]
    [TestCase(null, 550, "sorry, that recipient does not exist here", BounceClass.Hard)]
    [TestCase(null, 550, "Invalid recipient <anna@bjurholm.example>", BounceClass.Hard)]
    [TestCase("5.1.1", 550, "unknown or illegal alias: anna@bjurholm.example", BounceClass.Hard)]
    [TestCase(null, 550, "Empfänger unbekannt", BounceClass.Hard)]
    [TestCase(null, 550, "The email account that you tried to reach is over quota", BounceClass.Soft)]
    [TestCase("5.5.0", 550, "Requested action not taken: mailbox unavailable", BounceClass.Ambiguous)]
    [TestCase(null, 550, "Requested action not taken: mailbox unavailable", BounceClass.Ambiguous)]
    [TestCase("5.1.1", 550, "Your IP address is on our block list, user unknown", BounceClass.Ours)]
    [TestCase("5.1.1", 550, "sender address rejected: user unknown in virtual mailbox table", BounceClass.Ours)]
    [TestCase("5.7.1", 550, "relaying denied", BounceClass.Ours)]
    [TestCase("4.2.1", 450, "The user you are trying to contact is receiving mail at a rate that", BounceClass.Ours)]
    [TestCase("5.7.1", 550, "Anna: no such user", BounceClass.Ambiguous)]
    [TestCase(null, 503, "no such user: valid RCPT first", BounceClass.Ambiguous)]
    [TestCase("5.1.2", 550, "Host unknown (Name server: bjurholm.example: host not found)", BounceClass.Hard)]
    [TestCase("4.4.3", 451, "no such domain", BounceClass.Soft)]
    [TestCase("5.4.6", 554, "Too many hops", BounceClass.Soft)]
    [TestCase(null, 550, "our marble cubes", BounceClass.Ambiguous, Description = "rbl and ube are no words here")]
    [TestCase(null, 550, "Your message has been deleted", BounceClass.Ambiguous)]
    // A sender that is not there is no reader who is not.
    [TestCase(null, 550, "From address does not exist", BounceClass.Ours)]
    [TestCase(null, 553, "the originator is an unknown user", BounceClass.Ours)]
    [TestCase(null, 550, "No such user (in reply to MAIL FROM command)", BounceClass.Ours)]
    [TestCase(null, 550, "Your account has been closed", BounceClass.Ours)]
    [TestCase(null, 550, "this service is no longer available", BounceClass.Ambiguous)]
    [TestCase(null, 554, "our server has moved", BounceClass.Ambiguous)]
    public void A_refusal_is_judged(string? status, int? code, string words, BounceClass expected)
    {
        var numbers = status?.Split('.').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        EnhancedCode? enhanced = numbers is null ? null : new(numbers[0], numbers[1], numbers[2]);
        var judged = ReturnReader.Judge("anna@bjurholm.example", enhanced, code, words);
        Assert.That(judged.Class, Is.EqualTo(expected), judged.Rule);
        Assert.That(judged.Rule, Is.Not.Empty);
    }

    [Test]
    public void The_servers_own_code_beats_the_one_in_the_report()
    {
        var judged = ReturnReader.Judge(null, new EnhancedCode(5, 1, 1), null, "smtp; 552 5.2.2 Over your allotment");
        Assert.That((judged.Class, judged.Status, judged.Code), Is.EqualTo((BounceClass.Soft, new EnhancedCode(5, 2, 2), 552)));
    }
}
