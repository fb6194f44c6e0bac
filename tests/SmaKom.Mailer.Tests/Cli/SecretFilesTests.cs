using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>NAME_FILE</c> names a file that holds the value of <c>NAME</c>, as container secrets are given.</summary>
public sealed class SecretFilesTests
{
    private string file = null!;

    [SetUp]
    public void MakeFile() => file = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(file);

    [Test]
    public async Task The_value_is_the_files_text_without_the_last_end_of_line()
    {
        await using var database = await TestDatabase.CreateAsync();
        await File.WriteAllTextAsync(file, database.ConnectionString + "\n");

        var answer = await Smakom.RunAsync(null, [("ConnectionStrings__Mailer_FILE", file)], "issues", "list", "--json");

        Assert.That((answer.ExitCode, answer.Output.Trim()), Is.EqualTo((ExitCode.Done, "[]")), answer.Errors);
    }

    [Test]
    public async Task A_file_that_is_not_there_is_told_by_the_settings_name()
    {
        var answer = await Smakom.RunAsync("Host=127.0.0.1;Port=1", [("LC_ALL", "en_GB.UTF-8"), ("SMAKOM__Smtp__Password_FILE", "/not/there")],
            "issues", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain("SMAKOM__Smtp__Password_FILE names /not/there").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_value_given_twice_is_refused()
    {
        var answer = await Smakom.RunAsync("Host=127.0.0.1;Port=1",
            [("LC_ALL", "en_GB.UTF-8"), ("SMAKOM__Smtp__Password", "gran-1"), ("SMAKOM__Smtp__Password_FILE", file)], "issues", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain("SMAKOM__Smtp__Password and SMAKOM__Smtp__Password_FILE").And.Not.Contain("gran-1"));
    }
}
