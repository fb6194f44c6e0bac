using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Bounces.Collecting.Webhooks;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>Webhooks as the providers send them, and as others do.</summary>
[NonParallelizable]
public sealed class WebhookTests
{
    private const string Secret = "hemlig-adress-som-ar-lang-nog";
    private const string SigningKey = "key-mailgun";
    private const string Topic = "arn:aws:sns:eu-north-1:1:studsar";
    private const string CertificateAddress = "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-x.pem";
    private readonly ECDsa sendGrid = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA amazon = RSA.Create(2048);
    private readonly Amazon hosts = new();
    private TestDatabase database = null!;
    private TestHost host = null!;
    private HttpClient web = null!;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var request = new CertificateRequest("CN=sns.amazonaws.com", amazon, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        hosts.Certificate = certificate.ExportCertificatePem();
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, builder => builder.Services.AddSingleton(new SnsCertificates(new HttpClient(hosts), TimeProvider.System)),
            ("Roles", "web"), ("Webhooks:SesSecret", Secret), ("Webhooks:SesTopic", Topic), ("Webhooks:MailgunSecret", Secret),
            ("Webhooks:MailgunSigningKey", SigningKey), ("Webhooks:PostmarkSecret", Secret), ("Webhooks:SendGridSecret", Secret),
            ("Webhooks:SendGridPublicKey", Convert.ToBase64String(sendGrid.ExportSubjectPublicKeyInfo())));
        web = new HttpClient { BaseAddress = new Uri(host.Url) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        web.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
        sendGrid.Dispose();
        amazon.Dispose();
        hosts.Dispose();
    }

    [SetUp]
    public async Task EmptyAsync()
    {
        hosts.Asked.Clear();
        await database.EmptyAsync("incoming_mail");
    }

    [Test]
    public async Task Who_does_not_know_the_secret_learns_nothing_and_what_is_too_long_is_not_read()
    {
        Assert.That(await PostAsync("brevo", "{}"), Is.EqualTo(404), "not set");
        Assert.That(await PostAsync("okänd", "{}"), Is.EqualTo(404));
        Assert.That(await PostAsync("postmark", "{}", secret: Secret[..^1] + "x"), Is.EqualTo(401));
        Assert.That((int)(await web.GetAsync($"/inkommande/postmark/{Secret}")).StatusCode, Is.EqualTo(405).Or.EqualTo(404));
        Assert.That(await PostAsync("postmark", new string(' ', WebhookEndpointsLongest + 1)), Is.EqualTo(413));
        Assert.That(await PostAsync("postmark", "inte json"), Is.EqualTo(400));
        Assert.That(await PostAsync("postmark", "{}"), Is.EqualTo(400));
        Assert.That(await RowsAsync(), Is.Empty);
    }

    [Test]
    public async Task Postmark_is_known_by_its_secret_and_a_repeated_event_is_one_row()
    {
        const string bounce = """{"RecordType":"Bounce","ID":42,"Type":"HardBounce","Email":"a@example.org"}""";
        Assert.That((await PostAsync("postmark", bounce), await PostAsync("postmark", bounce)), Is.EqualTo((200, 200)));
        Assert.That(await RowsAsync(), Is.EqualTo($"postmark postmark Bounce:42 {bounce}"));
    }

    [Test]
    public async Task Mailgun_signs_its_time_and_token()
    {
        Assert.That(await PostAsync("mailgun", Mailgun(Now)), Is.EqualTo(200));
        Assert.That(await PostAsync("mailgun", Mailgun(Now)), Is.EqualTo(200), "replayed");
        Assert.That(await RowsAsync(), Is.EqualTo("""mailgun mailgun e1 {"id":"e1","event":"failed"}"""));

        Assert.That(await PostAsync("mailgun", Mailgun(Now, "another key")), Is.EqualTo(403));
        Assert.That(await PostAsync("mailgun", Mailgun(Now - 13 * 3600)), Is.EqualTo(403), "too old");
        Assert.That(await PostAsync("mailgun", Mailgun(Now + 3600)), Is.EqualTo(403), "of the future");
        Assert.That(await PostAsync("mailgun", """{"event-data":{"id":"e9"}}"""), Is.EqualTo(403));
    }

    [Test]
    public async Task SendGrid_signs_its_time_and_body_and_brings_several_events_at_once()
    {
        const string events = """[{"sg_event_id":"a","event":"bounce"},{"sg_event_id":"b","event":"delivered"}]""";
        Assert.That((await PostSendGridAsync(events, events, Now), await PostSendGridAsync(events, events, Now)), Is.EqualTo((200, 200)));
        Assert.That(await RowsAsync(), Is.EqualTo("""sendgrid sendgrid a {"sg_event_id":"a","event":"bounce"}|sendgrid sendgrid b {"sg_event_id":"b","event":"delivered"}"""));

        Assert.That(await PostSendGridAsync(events.Replace("\"a\"", "\"c\""), events, Now), Is.EqualTo(403), "another body");
        Assert.That(await PostSendGridAsync(events, events, Now - 13 * 3600), Is.EqualTo(403), "too old");
        Assert.That(await PostAsync("sendgrid", events), Is.EqualTo(403), "unsigned");
    }

    [Test]
    public async Task Ses_is_known_by_amazons_certificate_and_by_the_topic()
    {
        Assert.That((await PostAsync("ses", Sns("Notification")), await PostAsync("ses", Sns("Notification", version: "1"))), Is.EqualTo((200, 200)));
        Assert.That(await RowsAsync(), Is.EqualTo("""ses ses n1 {"notificationType":"Bounce"}"""));
        Assert.That(hosts.Asked, Is.SubsetOf(new[] { CertificateAddress }), "fetched once, by this test or the one before");

        Assert.That(await PostAsync("ses", Sns("Notification", change: fields => fields["Message"] = "{}")), Is.EqualTo(403), "changed");
        Assert.That(await PostAsync("ses", Sns("Notification", topic: "arn:aws:sns:eu-north-1:2:annans")), Is.EqualTo(403), "somebody else's topic");
        foreach (var address in new[] { "https://sns.eu-north-1.amazonaws.com.example.org/x.pem", "https://example.org/x.pem", "http://sns.eu-north-1.amazonaws.com/x.pem",
            "https://s3.eu-north-1.amazonaws.com/x.pem", "https://sns.eu-north-1.amazonaws.com:8443/x.pem", "https://x@sns.eu-north-1.amazonaws.com/x.pem",
            "https://sns.eu-north-1.amazonaws.com/x.txt" })
            Assert.That(await PostAsync("ses", Sns("Notification", certificate: address)), Is.EqualTo(403), address);
        Assert.That(hosts.Asked, Is.SubsetOf(new[] { CertificateAddress }), "and none of those was asked");
    }

    [Test]
    public async Task A_subscription_is_confirmed_at_amazon_alone()
    {
        Assert.That(await PostAsync("ses", Sns("SubscriptionConfirmation", subscribe: "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription")), Is.EqualTo(200));
        Assert.That(hosts.Asked, Does.Contain("https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription"));
        Assert.That(await PostAsync("ses", Sns("SubscriptionConfirmation", subscribe: "https://169.254.169.254/latest")), Is.EqualTo(403));
        Assert.That(hosts.Asked, Has.None.Contains("169.254"));
        Assert.That(await RowsAsync(), Is.Empty);
    }

    private const int WebhookEndpointsLongest = 256 << 10;

    private async Task<string> RowsAsync() => await database.ScalarAsync<string>(
        "SELECT coalesce(string_agg(concat_ws(' ', source, format, key, convert_from(bytes, 'UTF8')), '|' ORDER BY id), '') FROM incoming_mail");

    private async Task<int> PostAsync(string provider, string body, string secret = Secret)
    {
        using var answer = await web.PostAsync($"/inkommande/{provider}/{secret}", new StringContent(body, Encoding.UTF8, "application/json"));
        if ((int)answer.StatusCode is 401 or 403) Assert.That(await answer.Content.ReadAsStringAsync(), Is.Empty);
        return (int)answer.StatusCode;
    }

    private async Task<int> PostSendGridAsync(string sent, string signed, long at)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/inkommande/sendgrid/{Secret}") { Content = new StringContent(sent, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", $"{at}");
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(
            sendGrid.SignData(Encoding.UTF8.GetBytes($"{at}{signed}"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        using var answer = await web.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static string Mailgun(long at, string key = SigningKey) => JsonSerializer.Serialize(new
    {
        signature = new
        {
            timestamp = $"{at}",
            token = "t1",
            signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{at}t1"))),
        },
    })[..^1] + ""","event-data":{"id":"e1","event":"failed"}}""";

    private string Sns(string type, string version = "2", string topic = Topic, string certificate = CertificateAddress, string subscribe = "",
        Action<Dictionary<string, string>>? change = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["Type"] = type,
            ["MessageId"] = "n1",
            ["TopicArn"] = topic,
            ["Message"] = """{"notificationType":"Bounce"}""",
            ["Timestamp"] = "2026-11-30T09:00:00.000Z",
        };
        if (type != "Notification") (fields["Token"], fields["SubscribeURL"]) = ("t", subscribe);
        var signed = string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}\n{field.Value}\n"));
        fields["Signature"] = Convert.ToBase64String(amazon.SignData(Encoding.UTF8.GetBytes(signed),
            version == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        (fields["SignatureVersion"], fields["SigningCertURL"]) = (version, certificate);
        change?.Invoke(fields);
        return JsonSerializer.Serialize(fields);
    }

    /// <summary>Amazon's hosts, and all others.</summary>
    private sealed class Amazon : HttpMessageHandler
    {
        public string Certificate { get; set; } = "";

        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Certificate) });
        }
    }
}
