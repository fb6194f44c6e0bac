using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary>A setting that cannot be read is told as one that is out of its range: one line, its name, what would do.</summary>
public sealed class SettingErrorsTests
{
    // No database is there: nothing of it may be asked before the settings are right.
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=smakom";

    [TestCase("Smtp__Tls", "ssl", "Smtp:Tls is “ssl”. Set SMAKOM__Smtp__Tls to None, StartTls, StartTlsWhenOffered or Implicit.")]
    [TestCase("Smtp__Port", "abc", "Smtp:Port is “abc”. Set SMAKOM__Smtp__Port to a whole number.")]
    [TestCase("Smtp__CommandTimeout", "soon",
        "Smtp:CommandTimeout is “soon”. Set SMAKOM__Smtp__CommandTimeout to a time such as 00:05:00 (hours:minutes:seconds).")]
    [TestCase("Schedule__PollInterval", "5s",
        "Schedule:PollInterval is “5s”. Set SMAKOM__Schedule__PollInterval to a time such as 00:05:00 (hours:minutes:seconds).")]
    [TestCase("Dispatch__RetryJitter", "some", "Dispatch:RetryJitter is “some”. Set SMAKOM__Dispatch__RetryJitter to a number such as 0.2.")]
    [TestCase("Sender__Address", "nyhets\u00ADbrev@example.org",
        "Sender:Address holds a character that cannot be seen (U+00AD). Type SMAKOM__Sender__Address again by hand, for example nyhetsbrev@example.org.")]
    [TestCase("Inbox__Enabled", "perhaps", "Inbox:Enabled is “perhaps”. Set SMAKOM__Inbox__Enabled to true or false.")]
    public async Task A_setting_of_the_wrong_kind_is_bad_input(string setting, string value, string told)
    {
        var answer = await ServeAsync(("LC_ALL", "en_GB.UTF-8"), ("SMAKOM__" + setting, value));

        Assert.That((answer.ExitCode, answer.Output), Is.EqualTo((ExitCode.BadInput, "")), answer.Errors);
        Assert.That(answer.Errors.TrimEnd(), Does.EndWith(told).And.Not.Contain('\n'));
    }

    [Test]
    public async Task It_is_told_in_Swedish_too()
    {
        var answer = await ServeAsync(("SMAKOM__Smtp__Tls", "ssl"));

        Assert.That(answer.Errors,
            Does.Contain("Smtp:Tls är ”ssl”. Sätt SMAKOM__Smtp__Tls till None, StartTls, StartTlsWhenOffered eller Implicit."));
    }

    [Test]
    public async Task What_stops_a_start_is_a_line_of_JSON_where_that_is_asked_for()
    {
        var answer = await Smakom.RunAsync(Nowhere, [("SMAKOM__Smtp__Port", "abc")], "serve", "--json");

        Assert.That(System.Text.Json.JsonDocument.Parse(answer.Errors).RootElement.GetProperty("exitCode").GetInt32(), Is.EqualTo(ExitCode.BadInput));
    }

    private static Task<Smakom> ServeAsync(params (string, string)[] environment) =>
        Smakom.RunAsync(Nowhere, [("SMAKOM__Sender__PostalAddress", "Gatan 1"), .. environment], "serve", "--port", "0");
}
