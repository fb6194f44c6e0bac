using System.Security.Cryptography;
using System.Text;
using SmaKom.Mailer.Mail.Dkim;

namespace SmaKom.Mailer.Tests.Mail.Dkim;

public class DkimVerifierTests
{
    // RFC 8463 Appendix A: signed by others, with an algorithm that is not ours beside the one that is.
    private const string PublishedExample = """
        DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=brisbane; t=1528637909; h=from : to :
         subject : date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
         Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=test; t=1528637909; h=from : to : subject :
         date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
         DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
         dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
        From: Joe SixPack <joe@football.example.com>
        To: Suzie Q <suzie@shopping.example.net>
        Subject: Is dinner ready?
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
        Message-ID: <20030712040037.46341.5F8J@football.example.com>

        Hi.

        We lost the game.  Are you hungry yet?

        Joe.

        """;

    private const string PublishedKey =
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1528637909);

    [Test]
    public void The_example_of_RFC_8463_holds() =>
        Assert.That(Verify(PublishedExample, PublishedKey).Select(verdict => (verdict.Selector, verdict.Status)),
            Is.EqualTo(new[] { ("brisbane", DkimStatus.PermanentError), ("test", DkimStatus.Pass) }));

    [TestCase("Is dinner", "Is  dinner", DkimStatus.Pass)]
    [TestCase("Is dinner", "Is supper", DkimStatus.Fail)]
    [TestCase("lost the game", "won the game", DkimStatus.Fail)]
    [TestCase("From: Joe", "from:Joe", DkimStatus.Pass)]
    [TestCase("c=relaxed/relaxed;\n d=football.example.com; i=@football.example.com;\n q=dns/txt; s=test", "c=simple/relaxed;\n d=football.example.com; i=@football.example.com;\n q=dns/txt; s=test", DkimStatus.Fail)]
    [TestCase("a=rsa-sha256", "a=rsa-sha1", DkimStatus.PermanentError)]
    [TestCase("s=test;", "s=test; l=10;", DkimStatus.PermanentError)]
    [TestCase("s=test;", "s=test; x=1528637908;", DkimStatus.PermanentError)]
    [TestCase("s=test;", "s=test; s=test;", DkimStatus.PermanentError)]
    [TestCase("i=@football.example.com;\n q=dns/txt; s=test", "i=@example.com;\n q=dns/txt; s=test", DkimStatus.PermanentError)]
    [TestCase("b=F45d", "b=!45d", DkimStatus.PermanentError)]
    public void Any_change_is_judged(string what, string into, DkimStatus status)
    {
        var changed = PublishedExample.Replace(what, into);
        Assert.That(changed, Is.Not.EqualTo(PublishedExample));
        Assert.That(Verify(changed, PublishedKey)[1].Status, Is.EqualTo(status));
    }

    [TestCase(null, "no key is published")]
    [TestCase("v=DKIM1; p=", "the key has been revoked")]
    [TestCase("v=DKIM1; k=ed25519; p=AAAA", "the published record holds no RSA key for DKIM")]
    [TestCase("v=DKIM1; h=sha1; p=AAAA", "the published key does not allow sha256")]
    [TestCase("v=DKIM1; p=AAAA", "the published key cannot be read")]
    [TestCase("p=%%%", "the published key cannot be read")]
    [TestCase("hello", "the published record holds no RSA key for DKIM")]
    public void A_key_that_cannot_be_used_is_named(string? record, string reason) =>
        Assert.That(Verify(PublishedExample, record)[1], Is.EqualTo(new DkimVerdict(DkimStatus.PermanentError, "football.example.com", "test", reason)));

    [Test]
    public void A_short_key_is_refused()
    {
        using var rsa = RSA.Create(768);
        Assert.That(Verify(PublishedExample, "p=" + Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()))[1].Reason, Is.EqualTo("the published key is shorter than 1024 bits"));
    }

    [Test]
    public void An_unsigned_message_has_no_verdict() => Assert.That(Verify("From: a@example.org\n\nx\n", null), Is.Empty);

    [Test]
    public void Garbage_is_a_verdict_not_an_exception()
    {
        var random = new Random(7);
        for (var i = 0; i < 5_000; i++)
        {
            var text = new StringBuilder(PublishedExample);
            for (var change = 0; change < 3; change++)
                text[random.Next(text.Length)] = (char)random.Next(128);
            Assert.That(() => Verify(text.ToString(), PublishedKey), Throws.Nothing);
        }
        Assert.That(Verify(string.Concat(Enumerable.Repeat("X: y\n", 600)), null).Single().Status, Is.EqualTo(DkimStatus.PermanentError));
    }

    private static IReadOnlyList<DkimVerdict> Verify(string message, string? record) =>
        new DkimVerifier((_, _) => record).Verify(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), Now);
}
