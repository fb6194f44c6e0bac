using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Templates.Rendering;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>smakom templates</c>, and a start with templates that are wrong. None of it reaches a database.</summary>
public sealed class TemplateCommandsTests
{
    private string folder = null!;

    [SetUp]
    public void Make() => folder = Directory.CreateTempSubdirectory("look").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task Export_writes_every_template_and_what_it_writes_is_right_whatever_imports_lie_beside_it()
    {
        var exported = await Smakom.RunAsync(null, [], "templates", "export", folder, "--json");
        Assert.That(exported.ExitCode, Is.EqualTo(ExitCode.Done), exported.Errors);
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(TemplateFiles.Names));
        await WriteAsync(TemplateFiles.Imports, "@using No.Such.Namespace\n");

        var check = await Smakom.RunAsync(null, [], "templates", "check", folder, "--json");
        Assert.That(check.ExitCode, Is.EqualTo(ExitCode.Done), check.Errors);
        Assert.That(check.Json.GetProperty("templates").GetInt32(), Is.EqualTo(TemplateFiles.Names.Count));
    }

    [Test]
    public async Task Export_overwrites_nothing()
    {
        var own = Path.Combine(folder, "BoxPart.cshtml");
        await File.WriteAllTextAsync(own, "mitt eget");

        var exported = await Smakom.RunAsync(null, [], "templates", "export", folder);

        Assert.That((exported.ExitCode, await File.ReadAllTextAsync(own)), Is.EqualTo((ExitCode.Partly, "mitt eget")), exported.Errors);
        Assert.That(exported.Output, Does.Contain("Fanns redan, och är som de var: BoxPart.cshtml."));
    }

    [Test]
    public async Task Check_tells_each_fault_with_file_and_line()
    {
        await WriteAsync("HeadingPart.cshtml", "@inherits LetterPart<HeadingModel>\n<h3>@Model.Rubrik</h3>\n");
        await WriteAsync("CallPart.cshtml", "@inherits LetterPart<CallModel>\n\n<p>@Model.Ord</p>\n");

        var check = await Smakom.RunAsync(null, [("SMAKOM__Templates__Folder", folder)], "templates", "check");

        Assert.That((check.ExitCode, check.Output), Is.EqualTo((ExitCode.BadInput, "")));
        Assert.That(check.Errors,
            Does.Contain($"{folder}/HeadingPart.cshtml(2): ").And.Contain($"{folder}/CallPart.cshtml(3): ").And.Contain("'Ord'"));
    }

    [Test]
    public async Task A_wrong_template_stops_the_start_and_says_where_and_what_to_do()
    {
        await WriteAsync("HeadingPart.cshtml", "@inherits LetterPart<HeadingModel>\n<h3>@Model.Rubrik</h3>\n");

        var start = await Smakom.RunAsync(
            "Host=127.0.0.1;Port=1;Database=x;Username=x",
            [
                ("SMAKOM__Templates__Folder", folder), ("SMAKOM__Site__PublicUrl", "http://localhost:5080"),
                ("SMAKOM__Sender__Organisation", "SmåKom"),
                ("SMAKOM__Sender__PostalAddress", "Gatan 1"), ("SMAKOM__Sender__Address", "nyhetsbrev@smakom.example"),
            ],
            "serve", "--port", "0");

        Assert.That(start.ExitCode, Is.EqualTo(ExitCode.BadInput), start.Errors);
        Assert.That(start.Errors, Does.StartWith("En inställning är fel. Inget har startats eller ändrats.")
            .And.Contain($"{folder}/HeadingPart.cshtml(2): ").And.Contain("smakom templates check").And.Not.Contain("   at "));
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(folder, name), text);
}
