using System.Text;
using SmaKom.Mailer.Bounces.Collecting.Webhooks;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>What each provider's events mean.</summary>
public sealed class ProviderEventTests
{
    private const string Ses = """{"notificationType":"Bounce","bounce":{"bounceType":"TYPE","bounceSubType":"SUB","bouncedRecipients":[{"emailAddress":"a@example.org"DIAG}]},"mail":{"messageId":"0102-x","source":"studs-x@smakom.example","headers":[{"name":"message-id","value":"<m1@smakom.example>"}]}}""";

    [TestCase("Permanent", "General", ""","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown" """, BounceClass.Hard)]
    [TestCase("Permanent", "General", "", BounceClass.Ambiguous)]
    [TestCase("Permanent", "OnAccountSuppressionList", ""","diagnosticCode":"user unknown" """, BounceClass.Ambiguous)]
    [TestCase("Transient", "General", ""","diagnosticCode":"smtp; 550 5.1.1 user unknown" """, BounceClass.Soft)]
    [TestCase("Transient", "MailboxFull", "", BounceClass.Soft)]
    [TestCase("Transient", "ContentRejected", "", BounceClass.Ours)]
    public void Ses_bounces(string type, string sub, string diagnostic, BounceClass found)
    {
        var mail = Read("ses", Ses.Replace("TYPE", type).Replace("SUB", sub).Replace("DIAG", diagnostic));
        Assert.That((mail.Kind, mail.Recipients.Single().Class, mail.MessageIds.Single(), mail.ReturnPaths.Single()),
            Is.EqualTo((ReturnKind.Bounce, found, "m1@smakom.example", "studs-x@smakom.example")));
    }

    [TestCase("mailgun", """{"event":"failed","severity":"permanent","reason":"bounce","recipient":"a@example.org","delivery-status":{"code":550,"message":"550 5.1.1 user unknown"},"message":{"headers":{"message-id":"m1@smakom.example"}}}""", ReturnKind.Bounce, BounceClass.Hard)]
    [TestCase("mailgun", """{"event":"failed","severity":"permanent","reason":"suppress-bounce","recipient":"a@example.org","delivery-status":{"code":605,"message":"user unknown"},"message":{"headers":{"message-id":"m1@smakom.example"}}}""", ReturnKind.Bounce, BounceClass.Ambiguous)]
    [TestCase("mailgun", """{"event":"failed","severity":"temporary","recipient":"a@example.org","message":{"headers":{"message-id":"m1@smakom.example"}}}""", ReturnKind.Delayed, null)]
    [TestCase("mailgun", """{"event":"complained","recipient":"a@example.org","message":{"headers":{"message-id":"m1@smakom.example"}}}""", ReturnKind.Complaint, BounceClass.Complaint)]
    [TestCase("mailgun", """{"event":"unsubscribed","recipient":"a@example.org","message":{"headers":{"message-id":"m1@smakom.example"}}}""", ReturnKind.Other, null)]
    [TestCase("postmark", """{"RecordType":"Bounce","Type":"HardBounce","Email":"a@example.org","Details":"smtp;550 5.1.1 user unknown","MessageID":"m1@smakom.example"}""", ReturnKind.Bounce, BounceClass.Hard)]
    [TestCase("postmark", """{"RecordType":"Bounce","Type":"SpamNotification","Email":"a@example.org","MessageID":"m1@smakom.example"}""", ReturnKind.Bounce, BounceClass.Ours)]
    [TestCase("postmark", """{"RecordType":"Bounce","Type":"AutoResponder","Email":"a@example.org","MessageID":"m1@smakom.example"}""", ReturnKind.AutoReply, null)]
    [TestCase("postmark", """{"RecordType":"SpamComplaint","Email":"a@example.org","MessageID":"m1@smakom.example"}""", ReturnKind.Complaint, BounceClass.Complaint)]
    [TestCase("sendgrid", """{"event":"bounce","type":"bounce","email":"a@example.org","status":"5.1.1","reason":"550 5.1.1 user unknown","smtp-id":"<m1@smakom.example>"}""", ReturnKind.Bounce, BounceClass.Hard)]
    [TestCase("sendgrid", """{"event":"bounce","type":"blocked","email":"a@example.org","status":"5.1.1","reason":"550 user unknown","smtp-id":"<m1@smakom.example>"}""", ReturnKind.Bounce, BounceClass.Soft)]
    [TestCase("sendgrid", """{"event":"dropped","email":"a@example.org","reason":"Bounced Address","smtp-id":"<m1@smakom.example>"}""", ReturnKind.Bounce, BounceClass.Ambiguous)]
    [TestCase("sendgrid", """{"event":"spamreport","email":"a@example.org","smtp-id":"<m1@smakom.example>"}""", ReturnKind.Complaint, BounceClass.Complaint)]
    [TestCase("sendgrid", """{"event":"deferred","email":"a@example.org","smtp-id":"<m1@smakom.example>"}""", ReturnKind.Delayed, null)]
    [TestCase("brevo", """{"event":"hard_bounce","email":"a@example.org","reason":"550 user unknown","message-id":"<m1@smakom.example>"}""", ReturnKind.Bounce, BounceClass.Hard)]
    [TestCase("brevo", """{"event":"soft_bounce","email":"a@example.org","reason":"550 user unknown","message-id":"<m1@smakom.example>"}""", ReturnKind.Bounce, BounceClass.Soft)]
    [TestCase("brevo", """{"event":"blocked","email":"a@example.org","message-id":"<m1@smakom.example>"}""", ReturnKind.Bounce, BounceClass.Ours)]
    [TestCase("brevo", """{"event":"spam","email":"a@example.org","message-id":"<m1@smakom.example>"}""", ReturnKind.Complaint, BounceClass.Complaint)]
    public void The_kind_of_event_and_the_servers_words_decide(string provider, string json, ReturnKind kind, BounceClass? found)
    {
        var mail = Read(provider, json);
        Assert.That((mail.Kind, mail.Recipients.SingleOrDefault()?.Class, mail.MessageIds.Single()), Is.EqualTo((kind, found, "m1@smakom.example")));
    }

    [Test]
    public void Codes_are_read_out_of_the_words_and_words_are_one_line()
    {
        var found = Read("brevo", """{"event":"hard_bounce","email":"a@example.org","reason":"452-4.2.2 full\r\n452 4.2.2 se 10.1.2.3","message-id":"m"}""").Recipients.Single();
        Assert.That((found.Code, found.Status, found.Words), Is.EqualTo(((int?)452, (EnhancedCode?)new EnhancedCode(4, 2, 2), "452-4.2.2 full 452 4.2.2 se 10.1.2.3")));
    }

    [TestCase("ses", "[]")]
    [TestCase("ses", """{"notificationType":"Bounce","bounce":7,"mail":[]}""")]
    [TestCase("mailgun", """{"event":"failed","delivery-status":"x"}""")]
    [TestCase("sendgrid", "\"x\"")]
    [TestCase("postmark", """{"RecordType":7}""")]
    public void What_is_of_another_form_stops_nobody(string provider, string json) =>
        Assert.That(Read(provider, json).Recipients.Select(one => one.Class), Has.None.EqualTo(BounceClass.Hard).And.None.EqualTo(BounceClass.Complaint));

    [TestCase("brevo", "{")]
    [TestCase("okänd", "{}")]
    public void What_is_no_event_is_said_to_be_none(string provider, string json) => Assert.That(() => Read(provider, json), Throws.InstanceOf<FormatException>());

    private static ReturnedMail Read(string provider, string json) => ProviderEvent.Read(provider, Encoding.UTF8.GetBytes(json));
}
