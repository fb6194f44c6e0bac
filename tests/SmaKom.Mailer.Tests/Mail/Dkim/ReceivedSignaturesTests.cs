using System.Security.Cryptography;
using System.Text;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Dkim;

public class ReceivedSignaturesTests
{
    // RFC 8463 Appendix A: signed by others, with either algorithm.
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

    private const string PublishedEdKey = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1528637909);

    [Test]
    public void The_example_of_RFC_8463_holds_with_either_algorithm() =>
        Assert.That(Verify(PublishedExample, (selector, _) => selector == "brisbane" ? PublishedEdKey : PublishedKey),
            Is.EqualTo(new[] { new DkimVerdict(DkimFinding.Holds, "football.example.com", "brisbane"),
                new(DkimFinding.Holds, "football.example.com", "test") }));

    [TestCase("Is dinner", "Is  dinner", DkimFinding.Holds)]
    [TestCase("Is dinner", "Is supper", DkimFinding.Changed)]
    [TestCase("lost the game", "won the game", DkimFinding.Changed)]
    [TestCase("From: Joe", "from:Joe", DkimFinding.Holds)]
    [TestCase("c=relaxed/relaxed;\n d=football.example.com; i=@football.example.com;\n q=dns/txt; s=test",
        "c=simple/relaxed;\n d=football.example.com; i=@football.example.com;\n q=dns/txt; s=test", DkimFinding.Changed)]
    [TestCase("a=rsa-sha256", "a=rsa-sha1", DkimFinding.Malformed)]
    [TestCase("s=test;", "s=test; l=10;", DkimFinding.CoversPart)]
    [TestCase("s=test;", "s=test; x=1528637908;", DkimFinding.Expired)]
    [TestCase("s=test;", "s=test; s=test;", DkimFinding.Malformed)]
    [TestCase("i=@football.example.com;\n q=dns/txt; s=test", "i=@example.com;\n q=dns/txt; s=test", DkimFinding.Malformed)]
    [TestCase("b=F45d", "b=!45d", DkimFinding.Malformed)]
    public void Any_change_is_judged(string what, string into, DkimFinding finding)
    {
        var changed = PublishedExample.Replace(what, into);
        Assert.That(changed, Is.Not.EqualTo(PublishedExample));
        Assert.That(Verify(changed, PublishedKey)[1].Finding, Is.EqualTo(finding));
    }

    [TestCase(null, DkimFinding.NoKey)]
    [TestCase("v=DKIM1; p=", DkimFinding.UnusableKey)]
    [TestCase("v=DKIM1; k=ed25519; p=AAAA", DkimFinding.UnusableKey)]
    [TestCase(PublishedEdKey, DkimFinding.UnusableKey)]
    [TestCase("v=DKIM1; k=dsa; p=AAAA", DkimFinding.UnusableKey)]
    [TestCase("v=DKIM2; " + PublishedKey, DkimFinding.UnusableKey)]
    [TestCase("h=sha1; " + PublishedKey, DkimFinding.UnusableKey)]
    [TestCase("v=DKIM1; p=AAAA", DkimFinding.UnusableKey)]
    [TestCase("p=%%%", DkimFinding.UnusableKey)]
    [TestCase("hello", DkimFinding.UnusableKey)]
    public void A_key_that_cannot_be_used_is_named(string? record, DkimFinding finding) =>
        Assert.That(Verify(PublishedExample, record)[1].Finding, Is.EqualTo(finding));

    [Test]
    public void A_short_key_is_refused()
    {
        using var rsa = RSA.Create(768);
        Assert.That(Verify(PublishedExample, "p=" + Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()))[1].Finding,
            Is.EqualTo(DkimFinding.UnusableKey));
    }

    [Test]
    public void An_unsigned_message_has_no_verdict() => Assert.That(Verify("From: a@example.org\n\nx\n", PublishedKey), Is.Empty);

    [Test]
    public void Only_ten_signatures_are_looked_at() =>
        Assert.That(Verify(string.Concat(Enumerable.Repeat("DKIM-Signature: v=1\n", 600)), PublishedKey), Has.Count.EqualTo(10));

    [Test]
    public void Garbage_is_a_verdict_not_an_exception()
    {
        var random = new Random(7);
        string Damaged(string text, int places)
        {
            var damaged = new StringBuilder(text);
            for (var change = 0; change < places; change++)
                damaged[random.Next(text.Length)] = (char)random.Next(128);
            return damaged.ToString();
        }
        for (var i = 0; i < 3_000; i++)
        {
            var (message, rsa, ed) = (Damaged(PublishedExample, i % 4), Damaged(PublishedKey, i % 3), Damaged(PublishedEdKey, i % 3));
            Assert.That(() => Verify(message, (selector, _) => selector == "brisbane" ? ed : rsa), Throws.Nothing, $"{message}\n{rsa}\n{ed}");
        }
    }

    private static IReadOnlyList<DkimVerdict> Verify(string message, string? record) => Verify(message, (_, _) => record);

    private static IReadOnlyList<DkimVerdict> Verify(string message, Func<string, string, string?> findKey) =>
        new ReceivedSignatures(findKey).Verify(ReceivedMail.Read(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n"))), Now);
}
