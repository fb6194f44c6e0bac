using System.Security.Cryptography;
using SmaKom.Mailer.Domains.Checks;
using SmaKom.Mailer.Tests.Mail.Dkim;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Domains;

/// <summary>What is said of a domain whose DNS holds this; a real name server answers.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DomainExaminationTests
{
    private const string Domain = "gransele.example";

    /// <summary>Nothing is wrong.</summary>
    private static readonly string[] Well =
    [
        "gransele.example TXT v=spf1 mx -all", "gransele.example TXT en helt annan text", "gransele.example MX 10 mx.gransele.example",
        "mx.gransele.example A 203.0.113.7", $"s1._domainkey.gransele.example TXT {SampleKey.Record}",
        "_dmarc.gransele.example TXT v=DMARC1; p=reject; rua=mailto:dmarc@gransele.example",
        "studs.gransele.example TXT v=spf1 a:mx.gransele.example -all", "studs.gransele.example MX 10 mx.gransele.example",
    ];

    private static readonly SendingSetup Setup = new(Domain, Domain, "dmarc@gransele.example", Key(), [], true);

    private static readonly string SpfOf11 = $"v=spf1 {string.Join(' ', Enumerable.Range(1, 11).Select(n => $"a:mx.gransele.example/{n + 8}"))} -all";

    // What is published in the place of the name and type that it begins with; what is said then, but for what is right.
    [TestCase("", "")]
    // SPF (RFC 7208).
    [TestCase("gransele.example TXT x", "Spf.Missing")]
    [TestCase("gransele.example TXT v=spf10 -all", "Spf.Missing")]
    [TestCase("gransele.example TXT v=spf1 mx -all|gransele.example TXT v=spf1 a -all", "Spf.Several")]
    [TestCase("gransele.example TXT V=SPF1 MX -ALL", "")]
    [TestCase("gransele.example TXT v=spf1 +all", "Spf.OpenToAll")]
    [TestCase("gransele.example TXT v=spf1 mx all", "Spf.OpenToAll")]
    [TestCase("gransele.example TXT v=spf1 include:alla.example -all|alla.example TXT v=spf1 +all", "Spf.OpenToAllBelow")]
    [TestCase("gransele.example TXT v=spf1 -all +all", "")]
    [TestCase("gransele.example TXT v=spf1 ip4:203.0.113.256 -all", "Spf.Syntax")]
    [TestCase("gransele.example TXT v=spf1 ip4:2001:db8::1 -all", "Spf.Syntax")]
    [TestCase("gransele.example TXT v=spf1 mx; -all", "Spf.Syntax")]
    [TestCase("gransele.example TXT v=spf1 ip4:203.0.113.0/24 ip6:2001:db8::/32 a/24//64 exp=x.example okand=ord -all", "")]
    [TestCase("gransele.example TXT v=spf1 include:borta.example -all", "Spf.IncludeMissing")]
    [TestCase("gransele.example TXT v=spf1 redirect=borta.example", "Spf.IncludeMissing")]
    [TestCase("gransele.example TXT v=spf1 redirect=borta.example -all", "")]
    [TestCase("gransele.example TXT v=spf1 include:flera.example -all|flera.example TXT v=spf1 -all|flera.example TXT v=spf1 mx", "Spf.IncludeSeveral")]
    [TestCase("gransele.example TXT v=spf1 a:b1.example a:b2.example a:mx.gransele.example -all", "")]
    [TestCase("gransele.example TXT v=spf1 a:b1.example a:b2.example a:b3.example -all", "Spf.Void")]
    [TestCase("gransele.example TXT v=spf1 exists:%{i}.lista.example include:_spf.%{d2} -all", "")]
    [TestCase("gransele.example TXT v=spf1 include:gransele.example -all", "Spf.Lookups")]
    [TestCase("gransele.example TXT SPF11", "Spf.Lookups")]
    [TestCase("gransele.example TXT v=spf1 include:tyst.example -all|tyst.example FAILS", "Unanswered")]
    // DKIM (RFC 6376).
    [TestCase("s1._domainkey.gransele.example A 203.0.113.1", "Dkim.Missing")]
    [TestCase("s1._domainkey.gransele.example TXT KEY; t=y:s", "Dkim.Testing")]
    [TestCase("s1._domainkey.gransele.example TXT KEY; t=s", "")]
    [TestCase("s1._domainkey.gransele.example TXT KEY; h=sha1", "Dkim.Syntax")]
    [TestCase("s1._domainkey.gransele.example TXT KEY; s=tlsrpt", "Dkim.Syntax")]
    [TestCase("s1._domainkey.gransele.example TXT KEY|s1._domainkey.gransele.example TXT KEY", "Dkim.Several")]
    [TestCase("s1._domainkey.gransele.example TXT v=DKIM1; k=rsa; p=", "Dkim.Revoked")]
    [TestCase("s1._domainkey.gransele.example TXT v=DKIM1; k=rsa; p=AAAA", "Dkim.Syntax")]
    [TestCase("s1._domainkey.gransele.example TXT OTHERKEY", "Dkim.Different")]
    [TestCase("s1._domainkey.gransele.example FAILS", "Unanswered")]
    // DMARC (RFC 9989).
    [TestCase("_dmarc.gransele.example A 203.0.113.1", "Dmarc.Missing")]
    [TestCase("_dmarc.gransele.example TXT v=DMARC1; p=none|_dmarc.gransele.example TXT v=DMARC1; p=reject", "Dmarc.Several")]
    [TestCase("_dmarc.gransele.example TXT v=DMARC1; p=nej", "Dmarc.Syntax")]
    [TestCase("_dmarc.gransele.example TXT p=none; v=DMARC1", "Dmarc.Missing")]
    [TestCase("_dmarc.gransele.example FAILS", "Unanswered")]
    [TestCase("_dmarc.gransele.example TXT v=DMARC1; p=none; rua=mailto:a@gransele.example|_dmarc.example FAILS", "")]
    // Mail.
    [TestCase("gransele.example MX 0 .", "Mail.ReturnPath.TakesNone")]
    [TestCase("mx.gransele.example TXT x", "Mail.ReturnPath.NoAddress")]
    [TestCase("mx.gransele.example FAILS", "Unanswered")]
    public async Task What_DNS_holds_is_judged(string published, string said)
    {
        var verdicts = await ExamineAsync(Setup, published);

        Assert.That(Wrong(verdicts), Is.EqualTo(said));
        Assert.That(verdicts.Where(one => one.Kind == DomainVerdict.Unanswered).Select(one => one.Result), Has.All.EqualTo(DomainResult.Unknown));
    }

    // The policy is the organisation's, found upwards; whose domains belong together is told by the same walk.
    [TestCase("nyhetsbrev.gransele.example", "gransele.example", "", "")]
    [TestCase("gransele.example", "studs.gransele.example", "", "")]
    [TestCase("gransele.example", "studs.gransele.example", "_dmarc.gransele.example TXT v=DMARC1; p=none; rua=mailto:a@b.example; aspf=s", "Alignment.ReturnPath")]
    [TestCase("gransele.example", "studs.gransele.example", "_dmarc.studs.gransele.example TXT v=DMARC1; p=none; psd=n", "Alignment.ReturnPath")]
    [TestCase("gransele.example", "studs.bjurholm.example", "studs.bjurholm.example TXT v=spf1 -all|studs.bjurholm.example A 203.0.113.1", "Alignment.ReturnPath")]
    [TestCase("a.gransele.example", "b.gransele.example", "_dmarc.gransele.example TXT v=DMARC1; p=none; psd=y", "Alignment.ReturnPath Alignment.Dkim")]
    [TestCase("a.b.c.d.e.f.g.h.gransele.example", "gransele.example", "", "")]
    [TestCase("gransele.example", "studs.gransele.example", "_dmarc.studs.gransele.example FAILS", "")]
    [TestCase("gransele.example", "studs.bjurholm.example", "studs.bjurholm.example TXT v=spf1 -all|studs.bjurholm.example A 203.0.113.1|_dmarc.bjurholm.example FAILS", "Unanswered")]
    public async Task Domains_belong_together_by_the_tree_walk(string from, string returnPath, string published, string said)
    {
        var verdicts = await ExamineAsync(Setup with { From = from, ReturnPath = returnPath }, published);

        Assert.That(Wrong(verdicts.Where(one => one.Area is DomainArea.Dmarc or DomainArea.Alignment)), Is.EqualTo(said));
    }

    [Test]
    public async Task A_name_that_is_missing_and_one_that_is_empty_are_told_apart()
    {
        Assert.That(Wrong(await ExamineAsync(Setup with { From = "borta.example", ReturnPath = "borta.example", Signing = null }, "")),
            Is.EqualTo("Spf.NoName Dmarc.Missing Mail.ReturnPath.NoName"));
        Assert.That(Wrong(await ExamineAsync(Setup with { From = "tom.example", ReturnPath = "tom.example", Signing = null }, "tom.example AAAA 2001:db8::1")),
            Is.EqualTo("Spf.Missing Dmarc.Missing"));
    }

    [TestCase("203.0.113.7", "Spf.Covers")] // by mx
    [TestCase("203.0.113.9", "Spf.NotCovered")]
    [TestCase("2001:db8:1::5", "Spf.Covers")] // by ip6
    [TestCase("198.51.100.200", "Spf.Covers")] // by include
    [TestCase("192.168.1.2", "Spf.RelayUnknown")]
    [TestCase("127.0.0.1", "Spf.RelayUnknown")]
    [TestCase("smtp.example", "Spf.RelayUnknown")]
    public async Task Whether_a_relay_is_covered_is_known_of_public_addresses_only(string relay, string said)
    {
        var verdicts = await ExamineAsync(Setup with { RelayHosts = [relay] },
            "gransele.example TXT v=spf1 mx ip6:2001:db8:1::/48 include:_spf.example -all|_spf.example TXT v=spf1 ip4:198.51.100.128/25 ?all");

        Assert.That(verdicts.Select(one => one.Kind), Has.Member(said).And.Not.Member("Unanswered"));
    }

    [TestCase("gransele.example TXT x", "v=spf1 mx a:smtp.example ip4:203.0.113.9 ~all")]
    [TestCase("gransele.example TXT v=spf1 mx -all|gransele.example TXT v=spf1 a:b.example mx ~all", "v=spf1 mx a:b.example ~all")]
    [TestCase("gransele.example TXT v=spf1 mx +all", "v=spf1 mx ~all")]
    [TestCase("gransele.example TXT v=spf1 mx -all", "v=spf1 ip4:203.0.113.9 mx -all")]
    [TestCase("s1._domainkey.gransele.example TXT OTHERKEY", "KEY")]
    [TestCase("_dmarc.gransele.example TXT x", "v=DMARC1; p=none; rua=mailto:dmarc@gransele.example")]
    [TestCase("_dmarc.gransele.example TXT v=DMARC1; p=reject;", "v=DMARC1; p=reject; rua=mailto:dmarc@gransele.example")]
    [TestCase("studs.gransele.example A 0.0.0.0|studs.gransele.example MX 0 .", "10 mx.gransele.example.")]
    public async Task The_record_to_publish_is_exact(string published, string value)
    {
        var verdicts = await ExamineAsync(
            Setup with
            {
                RelayHosts = ["smtp.example", "203.0.113.9", "10.0.0.1", "relay"],
                ReturnPath = published.StartsWith("studs", StringComparison.Ordinal) ? "studs.gransele.example" : Domain,
            }, published);

        Assert.That(verdicts.Select(one => one.Record?.Value), Has.Member(value.Replace("KEY", SampleKey.Record, StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_long_answer_is_fetched_over_TCP() =>
        Assert.That(Wrong(await ExamineAsync(Setup, "s1._domainkey.gransele.example TRUNCATED")), Is.Empty);

    [Test]
    public async Task Whoever_gets_no_answer_knows_nothing_and_does_not_wait_for_it()
    {
        using var server = new NameServer().With([.. Well, "tyst.example SILENT", "_dmarc.tyst.example SILENT", "s1._domainkey.tyst.example SILENT"]);
        var verdicts = await DomainExamination.RunAsync(
            Setup with { From = "tyst.example", ReturnPath = "tyst.example", Signing = Key() with { Domain = "tyst.example" } },
            [server.Address], TimeSpan.FromMilliseconds(200), TimeProvider.System, default);

        Assert.That(verdicts.Where(one => one.Result != DomainResult.Ok).Select(one => (one.Area, one.Result)), Is.EqualTo(new[]
        {
            (DomainArea.Spf, DomainResult.Unknown), (DomainArea.Dkim, DomainResult.Unknown), (DomainArea.Dmarc, DomainResult.Unknown),
            (DomainArea.Mail, DomainResult.Unknown),
        }));
    }

    [Test]
    public async Task Each_question_is_asked_once()
    {
        using var server = new NameServer().With(Well);
        await DomainExamination.RunAsync(Setup with { ReturnPath = "studs.gransele.example" }, [server.Address],
            TimeSpan.FromSeconds(30), TimeProvider.System, default);

        // TXT, MX, A and AAAA of a name are four.
        Assert.That(server.Asked.GroupBy(name => name).Where(name => name.Count() > 4).Select(name => name.Key), Is.Empty);
        Assert.That(server.Asked.Count(name => name == "_dmarc.gransele.example"), Is.EqualTo(1));
    }

    private static async Task<IReadOnlyList<DomainVerdict>> ExamineAsync(SendingSetup setup, string published)
    {
        var lines = published.Replace("SPF11", SpfOf11, StringComparison.Ordinal).Replace("OTHERKEY", Other(), StringComparison.Ordinal)
            .Replace("KEY", SampleKey.Record, StringComparison.Ordinal).Split('|', StringSplitOptions.RemoveEmptyEntries);
        // What fails or is cut stays what it was; a name that gets other types only loses what it had.
        var replaced = lines.Where(line => line.Split(' ')[1] is not ("FAILS" or "TRUNCATED")).Select(KeyOf).ToHashSet();
        using var server = new NameServer().With([.. Well.Where(line => !replaced.Contains(KeyOf(line))), .. lines]);
        return await DomainExamination.RunAsync(setup, [server.Address], TimeSpan.FromMinutes(1), TimeProvider.System, default);
    }

    private static string KeyOf(string line) => line.Split(' ') is [var name, var type, ..] && name.StartsWith("gransele", StringComparison.Ordinal)
        ? $"{name} {type}" : line.Split(' ')[0];

    private static string Wrong(IEnumerable<DomainVerdict> verdicts) =>
        string.Join(' ', verdicts.Where(one => one.Result != DomainResult.Ok).Select(one => one.Kind));

    private static string Other()
    {
        using var rsa = RSA.Create(1024);
        return $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
    }

    private static SigningKey Key()
    {
        using var rsa = SampleKey.Open();
        return new(Domain, "s1", rsa.ExportSubjectPublicKeyInfo());
    }
}
