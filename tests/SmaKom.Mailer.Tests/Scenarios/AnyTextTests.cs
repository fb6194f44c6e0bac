using System.Text;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Receiver;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Subscribers.Preferences;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// Whatever strangers write, in replies, names, addresses and headers: it is stored, or refused in words, and nothing throws past its place.
/// </summary>
public sealed class AnyTextTests
{
    private const int Texts = 250;

    /// <summary>What any form or list lets through.</summary>
    private const int LongestName = 200;
    private TestDatabase database = null!;

    [SetUp]
    public async Task Start() => database = await TestDatabase.CreateAsync();

    [TearDown]
    public async Task Stop() => await database.DisposeAsync();

    [Test]
    public async Task Replies_are_recorded_of_letters_relays_and_receivers()
    {
        var texts = AnyText.Sample(Texts);
        await database.SubscribersAsync(texts.Count);
        await database.IssueAsync(queued: true);
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"), ("Smtp:Host", "relay.example"));
        await host.PlanAsync();
        using var end = new CancellationTokenSource();
        var (recorder, recording) = (host.Get<Recorder>(), host.Get<Recorder>().RunAsync(end.Token));

        var now = TimeProvider.System.GetUtcNow();
        foreach (var (delivery, text) in (await DeliveriesAsync(host.Get<Slices>())).Zip(texts))
        {
            var reply = delivery.Id % 2 == 0 ? new SmtpReply(550, null, text) : Read(text);
            recorder.Record(new(delivery, DeliveryState.Refused, Intended: false, 1, now, now, Reply: reply, Stage: "RCPT TO"));
            if (delivery.Id % 40 == 0) await recorder.FlushAsync();
        }

        await recorder.FlushAsync();
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'refused' AND reply_text IS NOT NULL"),
            Is.EqualTo(texts.Count));
        Assert.That(await database.ScalarAsync<int>("SELECT max(length(reply_text)) FROM delivery"), Is.LessThanOrEqualTo(1000));
        await end.CancelAsync();
        await recording;

        foreach (var text in texts)
        {
            var failure = new RelayException(RelayFailure.Busy, $"relay.example said: {text}", "MAIL FROM", new SmtpReply(451, null, text));
            await host.Get<RelayDirectory>().MarkFailedAsync(1, failure, default);
            await host.Get<ReceiverBackoff>().BeginAsync(1, "slow.example", failure.Reply!, default);
        }
    }

    [Test]
    public async Task What_a_job_says_and_fails_of_stands_in_the_history()
    {
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        var texts = AnyText.Sample(Texts);
        foreach (var text in texts)
        {
            var run = await host.Get<JobHistory>().BeginAsync(new("Probe", null, RunKind.Now, null), default);
            using var lines = RunLines.Begin();
            lines.Add(text);
            await host.Get<JobHistory>().EndAsync(run, JobRunState.Failed, new InvalidOperationException(text), lines.Take());
        }

        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM job_run WHERE state = 'failed'"), Is.EqualTo(texts.Count));
    }

    [Test]
    public async Task Names_and_addresses_are_taken_or_refused()
    {
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        var (texts, words) = (AnyText.Sample(Texts), host.Get<IStringLocalizer<SubscriberWords>>());
        var person = await database.SubscriberAsync("anna@gransele.example");

        var rows = texts.Select((text, i) => Row(text, i + 1)).ToList();
        var summary = await host.Get<SubscriberImport>()
            .RunAsync(rows.ToAsyncEnumerable(), new(LegalBasis.Member, "list", Given.Editor), dryRun: false, _ => { }, default);
        Assert.That(summary.Rows, Is.EqualTo(rows.Count));

        foreach (var text in texts)
        {
            var form = new DetailsForm { Name = text, Municipality = UnicodeText.Truncate(text, 90) };
            if (form.Check(words).Count == 0) await host.Get<SubscriberDetails>().ChangeAsync(person, form.Change(), default);
        }
    }

    [Test]
    public async Task Headers_of_received_mail_are_shown()
    {
        await using var host = await SampleHost.StartAsync(database);
        var texts = AnyText.Sample(Texts);
        var replies = await Task.WhenAll(texts.Select((text, i) => host.Get<InboxStore>().AcceptAsync(Message(text, i), default).AsTask()));

        Assert.That(replies.Select(reply => reply.Code), Is.All.EqualTo(250));
        Assert.That(await host.Get<InboxStore>().ListAsync("", null, 1000, default), Has.Count.EqualTo(texts.Count));
        Assert.That(host.Get<BackgroundLoops>().Ended, Is.Empty);
    }

    [Test]
    public async Task A_letter_to_any_name_and_address_is_accepted_or_refused()
    {
        var texts = AnyText.Sample(Texts);
        foreach (var (text, i) in texts.Select((text, i) => (UnicodeText.Truncate(text, LongestName), i)))
            await database.ScalarAsync<long>(
                """
                INSERT INTO subscriber (email, email_key, domain, name, status, legal_basis, created_at)
                VALUES ($1, $1, 'gransele.example', $2, 'active', 'member', now())
                RETURNING id
                """, new() { Value = i % 3 == 0 ? $"{UnicodeText.Truncate(text, 30)}{i}@gransele.example" : $"p{i}@gransele.example" }, new() { Value = text });
        await database.ExecuteAsync(Given.OnNewsletter);
        var issue = await database.IssueAsync(queued: true);
        await using var host = await SampleHost.StartAsync(database);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted + receipt.Refused, receipt.Audience), Is.EqualTo((texts.Count, texts.Count)),
            await database.ScalarAsync<string>(
                "SELECT COALESCE(string_agg(concat_ws(' ', state, reason, reply_code, reply_text, length(name)), '; '), '') FROM delivery WHERE state NOT IN ('accepted', 'refused')"));
        Assert.That(receipt.Accepted, Is.GreaterThan(texts.Count / 4));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE email ~ '^p[0-9]+@' AND state = 'refused'"), Is.Zero,
            "a name keeps nobody from a letter");
        Assert.That(host.Get<BackgroundLoops>().Ended, Is.Empty);
    }

    private static async Task<List<ClaimedDelivery>> DeliveriesAsync(Slices slices)
    {
        var deliveries = new List<ClaimedDelivery>();
        foreach (var slice in await slices.ClaimAsync(Guid.NewGuid(), 1000, default)) deliveries.AddRange(await slices.ReadAsync(slice, default));
        return deliveries;
    }

    /// <summary>As it comes over the wire, of octets that may be no UTF-8.</summary>
    private static SmtpReply Read(string text)
    {
        var octets = (text.Length % 2 == 0 ? Encoding.UTF8 : Encoding.Latin1)
            .GetBytes($"550 5.1.1 {text.ReplaceLineEndings(" ").Replace('\n', ' ')}\r\n");
        Assert.That(SmtpReplyParser.TryTake(octets, out _, out var reply));
        return reply!;
    }

    private static ImportRow Row(string text, int line)
    {
        var isAddress = EmailAddress.TryParse($"{text}{line}@gransele.example", out var address, out var problem)
            || EmailAddress.TryParse($"p{line}@{text}.example", out address, out problem);
        return new(line, isAddress ? address : null, text, text, null, isAddress ? null : problem, text);
    }

    private static ReceivedMessage Message(string text, int i)
    {
        var encoding = (i % 4) switch { 0 => Encoding.UTF8, 1 => Encoding.Latin1, 2 => Encoding.Unicode, _ => Encoding.UTF32 };
        var subject = i % 5 == 0 ? $"=?utf-16?B?{Convert.ToBase64String(Encoding.Unicode.GetBytes(UnicodeText.Truncate(text, 200) + "\uD83D"))}?="
            : text;
        byte[] bytes = [.. "From: "u8, .. encoding.GetBytes(text), .. " <a@b.example>\r\nSubject: "u8, .. encoding.GetBytes(subject),
            .. "\r\n\r\nHej\r\n"u8];
        return new(text, [$"{text}@gransele.example"], bytes, TimeProvider.System.GetUtcNow(), "b.example", null, false, null);
    }
}
