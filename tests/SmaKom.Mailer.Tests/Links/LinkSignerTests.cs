using SmaKom.Mailer.Links;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Links;

public sealed class LinkSignerTests
{
    private const string OfBefore = "AZAPu7EnPAbVeTi8h3GYWqN_-8NeVWdJXf30QdngkrSG";

    private TestDatabase database = null!;
    private LinkSigner signer = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        signer = await SignerAsync();
    }

    [OneTimeTearDown]
    public async Task TearDown() => await database.DisposeAsync();

    [Test]
    public void A_token_gives_back_whom_it_was_made_for()
    {
        var subject = new LinkSubject(123_456_789_012, 42);

        Assert.That(signer.TryRead(LinkPurpose.Unsubscribe, signer.Token(LinkPurpose.Unsubscribe, subject), out var read));
        Assert.That(read, Is.EqualTo(subject));
        Assert.That(signer.TryRead(LinkPurpose.ReturnPath, signer.ReturnPathToken(subject).ToUpperInvariant(), out read),
            "case is changed on the way");
        Assert.That(read, Is.EqualTo(subject));
    }

    // As a letter of before there were lists carries it, with the key of thirty-two sevens.
    [Test]
    public async Task A_token_of_before_there_were_lists_is_one_of_the_first_and_stays_the_same()
    {
        await using var old = await TestDatabase.CreateAsync();
        await old.ExecuteAsync("INSERT INTO link_key (secret, created_at) VALUES (decode(repeat('07', 32), 'hex'), now())");
        var keys = new LinkKeys(old.Source, TimeProvider.System, KeyCertificates.None);
        await keys.LoadAsync(default);
        var signer = new LinkSigner(keys);

        Assert.That(signer.TryRead(LinkPurpose.Unsubscribe, OfBefore, out var read));
        Assert.That(read, Is.EqualTo(new LinkSubject(7, 42, 1)));
        Assert.That(signer.Token(LinkPurpose.Unsubscribe, read), Is.EqualTo(OfBefore), "a letter that is tried again has the bytes that it had");
        Assert.That(signer.TryRead(LinkPurpose.Unsubscribe, signer.Token(LinkPurpose.Unsubscribe, new(7, 42, 3)), out read));
        Assert.That(read.ListId, Is.EqualTo(3));
    }

    [Test]
    public void A_token_for_one_purpose_is_none_for_another()
    {
        var token = signer.Token(LinkPurpose.Letter, new(7, 1));

        Assert.That(signer.TryRead(LinkPurpose.Unsubscribe, token, out _), Is.False);
    }

    [Test]
    public void Any_changed_character_makes_it_invalid()
    {
        var token = signer.Token(LinkPurpose.Unsubscribe, new(7, 1));

        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.That(signer.TryRead(LinkPurpose.Unsubscribe, changed, out _), Is.False, changed);
        }
    }

    [TestCase("")]
    [TestCase("x")]
    [TestCase("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%")]
    [TestCase("åååååååååååååååååååååååååååååååååååååååååååå")]
    [TestCase(null)]
    public void Garbage_is_refused(string? token) =>
        Assert.That(signer.TryRead(LinkPurpose.Unsubscribe, token, out _), Is.False);

    [Test]
    public void Neighbours_do_not_look_alike() =>
        Assert.That(signer.Token(LinkPurpose.Unsubscribe, new(1, 1))[2..10], Is.Not.EqualTo(signer.Token(LinkPurpose.Unsubscribe, new(2, 1))[2..10]));

    [Test]
    public async Task A_token_outlives_the_key_that_signs_new_ones()
    {
        var old = signer.Token(LinkPurpose.Unsubscribe, new(7, 1));
        await database.ExecuteAsync("INSERT INTO link_key (secret, created_at) VALUES (decode(repeat('07', 32), 'hex'), now())");
        var rotated = await SignerAsync();

        Assert.That(rotated.TryRead(LinkPurpose.Unsubscribe, old, out _));
        Assert.That(rotated.Token(LinkPurpose.Unsubscribe, new(7, 1)), Is.Not.EqualTo(old));
    }

    private async Task<LinkSigner> SignerAsync()
    {
        var keys = new LinkKeys(database.Source, TimeProvider.System, KeyCertificates.None);
        await keys.LoadAsync(default);
        return new LinkSigner(keys);
    }
}
