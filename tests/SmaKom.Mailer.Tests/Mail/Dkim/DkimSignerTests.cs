using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Dkim;

public class DkimSignerTests
{
    private static readonly DateTimeOffset Now = SampleLetter.Morning;

    private static readonly byte[][] Letters =
    [
        .. from name in new[] { "Åsa", "", "a\nb ", new string('å', 200), ".", "From x", "  ", "<&>\"" } select SampleLetter.WithValue(name),
        .. Enumerable.Range(1, 60)
            .Select(n => SampleLetter.Bytes(SampleLetter.Draft with { Subject = new string('ö', n * 5), Text = new string(' ', n) + "x\t\n\n .\n" })),
        SampleLetter.Bytes(SampleLetter.Draft with { Html = null, Headers = [] }),
    ];

    private static readonly string[] OtherMessages =
    [
        "From: a@example.org\n\n",
        "From: a@example.org\n",
        "From: a@example.org\n\n\n\n",
        "From: a@example.org\nTo:\t b@example.org \nSubject: a  \t b\n\tc\nX-Other: y\n\nbody  with \t runs \t\n and a blank end \n\n\n",
        "From: a@example.org\nCc: one@example.org\nCc: two@example.org\nSubject: no line end\n\nlast line",
        "From: a@example.org\nsubject:lower case, no space\n\n \n\n x\n",
        "From: a@example.org\nSubject: r\u00e5 \u00e5tta bitar\n\n\u00e5\u00e4\u00f6\n",
    ];

    [TestCaseSource(nameof(Verifiers))]
    public void Independent_verifiers_accept_every_letter(Func<IReadOnlyList<byte[]>, string, string[]> verify) =>
        Assert.That(verify([.. Letters.Select(Sign)], SampleKey.Record), Is.All.EqualTo("pass"));

    [TestCaseSource(nameof(Verifiers))]
    public void Independent_verifiers_accept_messages_that_are_not_ours(Func<IReadOnlyList<byte[]>, string, string[]> verify) =>
        Assert.That(verify([.. OtherMessages.Select(message => Sign(Wire(message)))], SampleKey.Record), Is.All.EqualTo("pass"));

    [TestCaseSource(nameof(Verifiers))]
    public void Independent_verifiers_refuse_every_forgery(Func<IReadOnlyList<byte[]>, string, string[]> verify) =>
        Assert.That(verify([.. Forgeries()], SampleKey.Record), Is.All.EqualTo("fail"));

    [Test]
    public void What_the_inbox_says_agrees() => Assert.Multiple(() =>
    {
        Assert.That(Letters.Concat(OtherMessages.Select(Wire)).Select(message => Verdict(Sign(message))), Is.All.EqualTo(DkimFinding.Holds));
        Assert.That(Forgeries().Select(Verdict), Has.None.EqualTo(DkimFinding.Holds));
    });

    [Test]
    public void Every_header_that_must_be_signed_is_named_and_the_lonely_ones_once_more()
    {
        var field = ReceivedMail.Read(Sign(SampleLetter.Bytes())).Headers["DKIM-Signature"]!;
        var names = field.Split("h=")[2].Split(';')[0].Replace(" ", "").Split(':').CountBy(name => name).ToDictionary();
        Assert.Multiple(() =>
        {
            foreach (var twice in new[]
            {
                "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
            })
                Assert.That(names[twice], Is.EqualTo(2), twice);
            foreach (var once in new[] { "Content-Transfer-Encoding", "Auto-Submitted", "Precedence", "Reply-To" })
                Assert.That(names[once], Is.EqualTo(1), once);
            Assert.That(field, Does.Contain("a=rsa-sha256; c=relaxed/relaxed; d=natverket.example; s=n2026;")
                .And.Contain($"t={Now.ToUnixTimeSeconds()};").And.Not.Contain("l="));
        });
    }

    [Test]
    public void The_same_message_gets_the_same_folded_field()
    {
        var field = Field(SampleLetter.Bytes());
        Assert.That(Field(SampleLetter.Bytes()), Is.EqualTo(field));
        Assert.That(field, Does.EndWith("\r\n"));
        Assert.That(field.Split("\r\n").Max(line => line.Length), Is.LessThanOrEqualTo(78));
    }

    [Test]
    public void Many_threads_share_one_signer()
    {
        using var signer = DkimSigner.FromPem("natverket.example", "n2026", SampleKey.Pem);
        var expected = Field(SampleLetter.Bytes());
        var message = SampleLetter.Bytes();
        var fields = new string[400];
        Parallel.For(0, fields.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => fields[i] = Field(message, signer));
        Assert.That(fields, Is.All.EqualTo(expected));
    }

    [Test]
    public void Signing_allocates_no_more_for_a_long_letter()
    {
        using var signer = DkimSigner.FromPem("natverket.example", "n2026", SampleKey.Pem);
        var (small, large) = (SampleLetter.Bytes(), SampleLetter.Bytes(SampleLetter.Draft with { Html = new string('ö', 50_000) }));
        var output = new ArrayBufferWriter<byte>();
        long Allocated(byte[] message)
        {
            output.ResetWrittenCount();
            signer.Sign(message, Now, output);
            var before = GC.GetAllocatedBytesForCurrentThread();
            output.ResetWrittenCount();
            signer.Sign(message, Now, output);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated(small);
        Assert.That(Allocated(large), Is.EqualTo(Allocated(small)).And.LessThan(1000));
    }

    [Test]
    public void A_key_that_receivers_would_refuse_is_refused_in_plain_words()
    {
        using var small = RSA.Create(1024);
        using var key = SampleKey.Open();
        using var publicOnly = RSA.Create(key.ExportParameters(includePrivateParameters: false));
        Assert.Multiple(() =>
        {
            Assert.That(() => new DkimSigner("a.example", "s", small),
                Throws.ArgumentException.With.Message.Contains("1024 bits").And.Message.Contains("at least 2048"));
            Assert.That(() => new DkimSigner("a.example", "s", publicOnly), Throws.ArgumentException.With.Message.Contains("private key is needed"));
            Assert.That(() => new DkimSigner("a..example", "s", key), Throws.ArgumentException.With.Message.Contains("a..example"));
            Assert.That(() => new DkimSigner("a.example", "s; d=other", key), Throws.ArgumentException);
            Assert.That(() => DkimSigner.FromPem("a.example", "s", "-----BEGIN secret-----"),
                Throws.ArgumentException.With.Message.Contains("PEM").And.Message.Not.Contains("secret"));
        });
    }

    [Test]
    public void Both_PEM_forms_are_read()
    {
        using var key = SampleKey.Open();
        foreach (var pem in new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportRSAPrivateKeyPem() })
        {
            using var signer = DkimSigner.FromPem("natverket.example", "n2026", pem);
            Assert.That(Field(SampleLetter.Bytes(), signer), Is.EqualTo(Field(SampleLetter.Bytes())));
        }
    }

    private static IEnumerable<TestCaseData> Verifiers() =>
        OutsideVerifiers.All.Select(verifier => new TestCaseData(verifier.Verify).SetArgDisplayNames(verifier.Name));

    private static IEnumerable<byte[]> Forgeries()
    {
        var signed = Sign(SampleLetter.Bytes());
        foreach (var added in new[] { "Subject: other", "From: boss@natverket.example", "To: x@example.org", "Date: Mon, 02 Nov 2026 09:00:00 +0100",
            "Reply-To: x@example.org",
            "Content-Type: text/html", "List-Unsubscribe: <https://x.example/>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click" })
            yield return [.. Encoding.ASCII.GetBytes(added + "\r\n"), .. signed];
        var text = Encoding.ASCII.GetString(signed);
        foreach (var (what, into) in new[] { ("Avsluta: https", "Avsluta: httpx"), ("Subject: ", "Subject: x"), ("List-Id: ", "List-Id: x"),
            ("Message-ID: <1", "Message-ID: <2"), ("; t=1", "; t=2") })
        {
            Assert.That(text, Does.Contain(what));
            yield return Encoding.ASCII.GetBytes(text.Replace(what, into));
        }
        yield return [.. signed, (byte)'x'];
    }

    private static byte[] Sign(byte[] message) => [.. Encoding.ASCII.GetBytes(Field(message)), .. message];

    private static string Field(byte[] message)
    {
        using var signer = DkimSigner.FromPem("natverket.example", "n2026", SampleKey.Pem);
        return Field(message, signer);
    }

    private static string Field(byte[] message, DkimSigner signer)
    {
        var output = new ArrayBufferWriter<byte>();
        signer.Sign(message, Now, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    private static byte[] Wire(string message) => Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n"));

    private static DkimFinding Verdict(byte[] message) =>
        new ReceivedSignatures((_, _) => SampleKey.Record).Verify(ReceivedMail.Read(message), Now).Single().Finding;
}
