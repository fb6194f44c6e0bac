using System.Text;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Pipelined;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>Replies, addresses and parameters, as octets.</summary>
public sealed class SmtpWordsTests
{
    [TestCase("250 2.1.0 Ok\r\n", 250, "2.1.0", "Ok")]
    [TestCase("421 5.7.32 closing\r\n", 421, null, "5.7.32 closing")]
    [TestCase("452 4.5.3 too many\r\n", 452, "4.5.3", "too many")]
    [TestCase("550 no\r\n", 550, null, "no")]
    [TestCase("250\r\n", 250, null, "")]
    [TestCase("550-5.1.1 first\r\n550 5.1.1 second\r\n", 550, "5.1.1", "first\nsecond")]
    [TestCase("250-a\r\n250-b\r\n250 c\r\n", 250, null, "a\nb\nc")]
    [TestCase("250-a\r\n550 5.1.1 b\r\n", 550, "5.1.1", "a\nb")]
    [TestCase("550-a\r\n252 b\r\n", 252, null, "a\nb")]
    [TestCase("550 5.1.1234 x\r\n", 550, null, "5.1.1234 x")]
    [TestCase("550 \u001b[31mred\u0007\r\n", 550, null, "?[31mred?")]
    [TestCase("550 Okänd\r\n", 550, null, "Okänd")]
    public void Reply_is_read(string received, int code, string? enhanced, string text)
    {
        Assert.That(SmtpReplyParser.TryTake(Encoding.UTF8.GetBytes(received + "250 next"), out var length, out var reply), Is.True);
        Assert.That(length, Is.EqualTo(Encoding.UTF8.GetByteCount(received)));
        Assert.That((reply!.Code, reply.Enhanced?.ToString(), reply.Text), Is.EqualTo((code, enhanced, text)));
    }

    [TestCase("")]
    [TestCase("250 O")]
    [TestCase("250-a\r\n")]
    [TestCase("250-a\r\n250")]
    public void Half_a_reply_waits_for_the_rest(string received) =>
        Assert.That(SmtpReplyParser.TryTake(Encoding.UTF8.GetBytes(received), out _, out _), Is.False);

    [TestCase("hello\r\n")]
    [TestCase("650 x\r\n")]
    [TestCase("25x x\r\n")]
    [TestCase("250x\r\n")]
    public void What_is_no_reply_is_not_taken_for_one(string received) =>
        Assert.That(() => SmtpReplyParser.TryTake(Encoding.UTF8.GetBytes(received), out _, out _), Throws.TypeOf<FormatException>());

    [TestCase("554 5.7.1 Relay access denied", "RCPT TO", RefusalCause.Policy)]
    [TestCase("550 5.7.26 not authenticated", "end of data", RefusalCause.Policy)]
    [TestCase("552 5.3.4 Message size exceeds fixed limit", "MAIL FROM", RefusalCause.Size)]
    [TestCase("554 5.6.0 not this", "end of data", RefusalCause.Content)]
    [TestCase("503 5.5.1 out of step", "RCPT TO", RefusalCause.Protocol)]
    [TestCase("550 5.1.1 no such user", "RCPT TO", RefusalCause.Person)]
    [TestCase("550 5.1.8 sender domain not found", "RCPT TO", RefusalCause.Policy)]
    [TestCase("553 5.6.7 no SMTPUTF8", "MAIL FROM", RefusalCause.Person)]
    [TestCase("550 5.7.13 account disabled", "RCPT TO", RefusalCause.Person)]
    [TestCase("552 5.2.2 mailbox full", "RCPT TO", RefusalCause.Person)]
    [TestCase("550 no", "RCPT TO", RefusalCause.Person)]
    [TestCase("550 relaying denied", "RCPT TO", RefusalCause.Policy)]
    [TestCase("550 5.0.0 we do not relay", "RCPT TO", RefusalCause.Policy)]
    [TestCase("554 message rejected", "end of data", RefusalCause.Content)]
    [TestCase("554 this user has no account", "end of data", RefusalCause.Person)]
    [TestCase("552 too large", "end of data", RefusalCause.Size)]
    [TestCase("552 too much", "RCPT TO", RefusalCause.Person)]
    public void Whose_fault_a_refusal_is_stands_in_its_codes_and_its_place(string said, string stage, RefusalCause cause)
    {
        SmtpReplyParser.TryTake(Encoding.UTF8.GetBytes(said + "\r\n"), out _, out var reply);

        Assert.That(RefusalCauses.Of(reply!, stage), Is.EqualTo(cause));
    }

    [Test]
    public void Long_reply_is_cut()
    {
        SmtpReplyParser.TryTake(Encoding.UTF8.GetBytes("550 " + new string('x', 5000) + "\r\n"), out _, out var reply);

        Assert.That(reply!.Text, Has.Length.EqualTo(1000));
    }

    [TestCase("anna@räksmörgås.example", "RCPT TO:<anna@xn--rksmrgs-5wao1o.example>\r\n", "")]
    [TestCase("åsa@räksmörgås.example", "RCPT TO:<åsa@xn--rksmrgs-5wao1o.example>\r\n", " SMTPUTF8")]
    public void Domain_travels_in_ascii_and_only_a_local_part_needs_SMTPUTF8(string recipient, string rcpt, string parameters)
    {
        var commands = EnvelopeCommands.For(new("a@example.org", recipient), new() { Smtputf8 = true }, 10, false);

        Assert.That(commands.Rcpt, Is.EqualTo(rcpt));
        Assert.That(commands.Mail, Is.EqualTo($"MAIL FROM:<a@example.org>{parameters}\r\n"));
    }

    [TestCase("a\r\nRCPT TO:<x@example.org>@example.org")]
    [TestCase("a@example.org>\r\nDATA")]
    [TestCase("a@example.org>x")]
    [TestCase("a b@example.org")]
    [TestCase("a\0@example.org")]
    [TestCase("a@example.org> NOTIFY=NEVER")]
    [TestCase("<a@example.org")]
    [TestCase("a")]
    [TestCase("@example.org")]
    [TestCase("a@")]
    [TestCase("")]
    [TestCase("a\u0085@example.org")]
    [TestCase("a\ud800@example.org")]
    [TestCase("a@exa_mple å.org")]
    public void Address_that_could_say_more_than_an_address_is_refused(string recipient)
    {
        var failure = Assert.Throws<ArgumentException>(() => EnvelopeCommands.For(new("a@example.org", recipient), SmtpOffers.None, 10, false))!;

        Assert.That(failure.Message, Does.Not.Contain("example.org"));
    }

    [Test]
    public void Parameters_are_those_that_the_relay_offers()
    {
        var offers = SmtpOffers.Parse(new(250, null, "relay.example\nSIZE 1000\nDSN\n8BITMIME\nAUTH=PLAIN\nAUTH PLAIN LOGIN\npipelining"));

        Assert.That(EnvelopeCommands.For(new("", "b@example.org", "a+b=c d"), offers, 10, true).Mail,
            Is.EqualTo("MAIL FROM:<> SIZE=10 BODY=8BITMIME RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n"));
        Assert.That(offers.AuthMechanisms, Is.EqualTo(new[] { "PLAIN", "LOGIN" }));
        Assert.That(offers.Pipelining, Is.True);
    }

    [TestCase(1001, false, 552)]
    [TestCase(10, true, 554)]
    public void Letter_that_the_relay_cannot_carry_is_undeliverable(long size, bool eightBit, int code) =>
        Assert.That(EnvelopeCommands.For(new("", "b@example.org"), new() { HasSize = true, MaxSize = 1000 }, size, eightBit).Undeliverable!.Code,
            Is.EqualTo(code));

    [TestCase("")]
    [TestCase("a\n")]
    [TestCase("a\r")]
    [TestCase("a\n.\nb\r\n")]
    [TestCase("a\r.\rb\r\n")]
    [TestCase("a\r\n.\nb\r\n")]
    [TestCase("a\r\r\nb\r\n")]
    public void Letter_with_a_bare_line_end_is_refused(string letter) =>
        Assert.That(() => LetterShape.Of(Encoding.ASCII.GetBytes(letter)), Throws.ArgumentException);

    [Test]
    public void Shape_is_found_alike_in_one_pass_and_octet_by_octet()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 20_000; round++)
        {
            var letter = new byte[random.Next(1, 150)];
            for (var i = 0; i < letter.Length; i++)
                letter[i] = "\r\n\n\r.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e5"u8[random.Next(75)];
            if (round % 2 == 0) letter = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(letter).ReplaceLineEndings("\r\n"));
            var text = Encoding.Latin1.GetString(letter);
            var bare = text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');

            if (bare) Assert.That(() => LetterShape.Of(letter), Throws.ArgumentException, () => Convert.ToHexString(letter));
            else
                Assert.That(LetterShape.Of(letter), Is.EqualTo(new LetterShape(
                    letter.Any(b => b >= 0x80), text.StartsWith('.') || text.Contains("\r\n.", StringComparison.Ordinal),
                    text.EndsWith("\r\n", StringComparison.Ordinal))), () => Convert.ToHexString(letter));
        }
    }

    [TestCase(".a\r\n", true, true)]
    [TestCase("a\r\n.b", true, false)]
    [TestCase("a.b\r\n", false, true)]
    public void Leading_dots_and_the_last_line_end_are_seen(string letter, bool dots, bool endsLine) =>
        Assert.That(LetterShape.Of(Encoding.ASCII.GetBytes(letter)), Is.EqualTo(new LetterShape(false, dots, endsLine)));

    // The example of RFC 7677 §3.
    [Test]
    public void Scram_matches_the_published_example()
    {
        var scram = new ScramSha256("user", "pencil", "rOprNGfwEbeRWgbNEkqO");

        Assert.That(scram.ClientFirst, Is.EqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
        Assert.That(
            scram.ClientFinal("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
            Is.EqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
        Assert.That(scram.IsServerGenuine("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), Is.True);
        Assert.That(scram.IsServerGenuine("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), Is.False);
    }

    [TestCase("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [TestCase("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [TestCase("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999")]
    public void Scram_refuses_a_server_that_cheats(string serverFirst) =>
        Assert.That(() => new ScramSha256("user", "pencil", "abc").ClientFinal(serverFirst), Throws.TypeOf<FormatException>());
}
