using System.Buffers;
using System.Text;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Mail.Dkim;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>What is signed is what arrives: every approved letter, and some that no composer of ours would write.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SignedLetterBytesTests(SmtpClientKind client)
{
    private static readonly string[] Odd =
    [
        "From: a@example.org\r\n\r\n",
        "From: a@example.org\r\nSubject: no empty line\r\n",
        "From: a@example.org\r\n\r\n.\r\n..\r\n\r\n.\r\n",
        "From: a@example.org\r\n\r\nno line end",
        "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\npreamble\r\n--x\r\n\r\npart, never closed\r\n",
        "From:a@example.org\r\nX-Folded: one\r\n\ttwo\r\n  \r\nMime-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00e5\u00e4\u00f6 \t \r\n\r\n\r\n",
        "not a field\r\nFrom: a@example.org\r\n\r\n" + "x",
        "From: a@example.org\r\n\r\n" + new string('=', 70_000) + "\r\n.",
    ];

    private static IEnumerable<byte[]> Letters =>
        Directory.GetFiles(Path.Combine(Repository.Root, "tests", "SmaKom.Mailer.Tests", "Templates", "Approved"), "*.eml").Select(File.ReadAllBytes)
            .Concat(Odd.Select(Encoding.UTF8.GetBytes));

    [Test]
    public async Task Signed_letter_arrives_with_every_byte_and_its_signature_holds([Values] bool pipelining, [Values] bool chunking)
    {
        using var signer = DkimSigner.FromPem("example.org", "mail", SampleKey.Pem);
        await using var relay = new FakeRelay(new() { Pipelining = pipelining, Chunking = chunking });
        await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);
        var sent = Letters.Select(letter => Signed(signer, letter)).ToArray();

        foreach (var letter in sent)
            Assert.That((await connection.SendAsync(new(Given.To("anna@example.org"), letter), Given.Yes, null, default)).Status,
                Is.EqualTo(SendStatus.Accepted));

        var arrived = relay.Messages.Select(message => message.Bytes).ToArray();
        Assert.That(arrived, Is.EqualTo(sent.Select(WithLineEnd)));
        Assert.That(sent, Has.Length.GreaterThan(Odd.Length + 5), "there are approved letters");
        foreach (var (name, verify) in OutsideVerifiers.All)
            Assert.That(verify([.. arrived.Where(HasOnlyFields)], SampleKey.Record), Is.All.EqualTo("pass"), name);
    }

    private static byte[] Signed(DkimSigner signer, byte[] letter)
    {
        var output = new ArrayBufferWriter<byte>();
        signer.Sign(letter, TimeProvider.System.GetUtcNow(), output);
        return [.. output.WrittenSpan, .. letter];
    }

    private static byte[] WithLineEnd(byte[] letter) => letter.AsSpan().EndsWith("\r\n"u8) ? letter : [.. letter, .. "\r\n"u8];

    // Verifiers disagree on what a line without a colon among the fields means.
    private static bool HasOnlyFields(byte[] letter) => !Encoding.UTF8.GetString(letter).Contains("not a field", StringComparison.Ordinal);
}
