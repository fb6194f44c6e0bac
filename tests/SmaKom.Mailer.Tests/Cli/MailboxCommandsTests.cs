using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

public sealed class MailboxCommandsTests
{
    [TestCase("test")]
    [TestCase("list")]
    [TestCase("save", "1.1", "fil.eml")]
    [TestCase("done", "1.1")]
    public async Task Without_a_mailbox_it_says_what_to_set(params string[] arguments)
    {
        await using var database = await TestDatabase.CreateAsync();
        var answer = await Smakom.RunAsync(database, ["mailbox", .. arguments]);

        Assert.That((answer.ExitCode, answer.Output), Is.EqualTo((ExitCode.BadInput, "")));
        Assert.That(answer.Errors, Does.Contain("SMAKOM__Mailbox__Host"));
    }

    [Test]
    public async Task A_setting_that_cannot_be_right_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        var answer = await Smakom.RunAsync(database.ConnectionString, [("SMAKOM__Mailbox__Host", "imap.example.org")], "mailbox", "test");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput), answer.Errors);
        Assert.That(answer.Errors, Does.Contain("SMAKOM__Mailbox__Username"));
    }
}
