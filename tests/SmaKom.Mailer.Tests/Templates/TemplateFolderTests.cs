using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>A folder with files of an association's own in the place of the built-in ones.</summary>
[TestFixture]
public sealed class TemplateFolderTests
{
    private string folder = null!;

    [SetUp]
    public void Make() => folder = Path.Combine(Directory.CreateTempSubdirectory("look").FullName, "own");

    [TearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Test]
    public async Task The_second_look_says_the_same_in_other_clothes()
    {
        var (plain, dressed) =
            (Parse(await SampleLetters.MailAsync("2026-11")), Parse(await SampleLetters.MailAsync("2026-11", SampleLetters.SecondLook)));

        Assert.That(dressed.QuerySelectorAll(".band h1"), Has.Count.EqualTo(1));
        Assert.That(dressed.QuerySelectorAll(".rule"), Is.Empty);
        Assert.That(Texts(dressed, "h1,h2,h3"), Is.EqualTo(Texts(plain, "h1,h2,h3")));
        Assert.That(Texts(dressed, "p,li").Order(), Is.SupersetOf(Texts(plain, "p,li").Order()));
        Assert.That(dressed.QuerySelectorAll("a").Select(link => link.GetAttribute("href")).Order(),
            Is.EqualTo(plain.QuerySelectorAll("a").Select(link => link.GetAttribute("href")).Order()));
    }

    [Test]
    public async Task The_second_look_uses_only_what_all_mail_programs_draw()
    {
        var page = Parse(await SampleLetters.MailAsync("2026-11", SampleLetters.SecondLook));

        Assert.That(page.All.Select(element => element.LocalName).Distinct(), Is.SubsetOf(MailCssTests.Elements));
        foreach (var style in page.QuerySelectorAll("[style]").Select(element => element.GetAttribute("style")!))
            Assert.That(style.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(':')[0]),
                Is.Unique.And.SubsetOf(MailCssTests.InlineProperties), style);
    }

    [Test]
    public async Task A_template_may_be_broken_into_lines_freely()
    {
        Write("HeadingPart.cshtml", """
            @inherits LetterPart<HeadingModel>

            @if (Model.Article.Kicker is { } kicker)
            {
                <p class="muted" style="@Styles.Kicker">
                    @kicker
                </p>
            }

            <h3 class="ink" style="@Styles.H3">
                @Model.Article.Heading
            </h3>

            """);

        Assert.That((await SampleLetters.MailAsync("2026-11", folder)).Html, Is.EqualTo((await SampleLetters.MailAsync("2026-11")).Html));
    }

    [Test]
    public async Task A_space_between_code_and_words_stays()
    {
        Write("HeadingPart.cshtml",
            "@inherits LetterPart<HeadingModel>\n<h3>@if (true) {<em>Nu:</em>} @Model.Article.Heading, @if (true) {<em>läs</em>} mer</h3>\n");

        var headings = Texts(Parse(await SampleLetters.MailAsync("2026-11", folder)), "h3:has(em)").ToList();

        Assert.That(headings, Is.Not.Empty.And.All.Match("^Nu: .*, läs mer$"));
    }

    [Test]
    public async Task A_property_that_is_not_there_is_told_with_file_and_line()
    {
        Write("HeadingPart.cshtml", "@inherits LetterPart<HeadingModel>\n<h3>\n@Model.Article.Headin\n</h3>\n");
        Write("CallPart.cshtml", "@inherits LetterPart<CallModel>\n<p>@Model.Call.Txt</p>\n");

        var faults = await FaultsAsync();

        Assert.That(faults.Select(fault => fault.Place), Is.EqualTo(new[] { $"{Own("CallPart.cshtml")}(2)", $"{Own("HeadingPart.cshtml")}(3)" }));
        Assert.That(faults[1].Message, Does.Contain("'Headin'"));
    }

    [Test]
    public async Task Razor_that_cannot_be_read_is_told_with_file_and_line()
    {
        Write("HeadingPart.cshtml", "@inherits LetterPart<HeadingModel>\n<h3>x</h3>\n@if (\n");

        var fault = (await FaultsAsync()).Single();

        Assert.That((fault.Kind, fault.Place), Is.EqualTo((TemplateFaultKind.Compiler, $"{Own("HeadingPart.cshtml")}(3)")), fault.Message);
    }

    [TestCase("@model dynamic\n<h3>@Model.Article.Headin</h3>\n", "@inherits LetterPart<HeadingModel>")]
    [TestCase("@inherits LetterPart<CallModel>\n<h3>x</h3>\n", "@inherits LetterPart<HeadingModel>")]
    public async Task A_file_for_another_model_is_told_what_to_begin_with(string text, string line)
    {
        Write("HeadingPart.cshtml", text);

        var fault = (await FaultsAsync()).Single();

        Assert.That((fault.Kind, fault.Line, fault.Message), Is.EqualTo((TemplateFaultKind.WrongModel, 1, line)));
    }

    [Test]
    public async Task What_breaks_only_when_it_is_rendered_is_told_with_file_and_line_too()
    {
        Write("HeadingPart.cshtml",
            "@inherits LetterPart<HeadingModel>\n<h3>@Model.Article.Heading</h3>\n@{ throw new InvalidOperationException(\"nej\"); }\n");

        var fault = (await FaultsAsync()).Single();

        Assert.That((fault.Kind, fault.Place, fault.Message), Is.EqualTo((TemplateFaultKind.Trial, $"{Own("HeadingPart.cshtml")}(3)", "nej")));
    }

    [Test]
    public async Task A_file_that_would_never_be_used_is_a_fault()
    {
        Write("Headingpart.cshtml", "x");
        Write("läs.txt", "Not a template: nobody minds.");

        Assert.That((await FaultsAsync()).Select(fault => (fault.Kind, fault.File)),
            Is.EqualTo(new[] { (TemplateFaultKind.UnknownName, Own("Headingpart.cshtml")) }));
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_a_fault() =>
        Assert.That((await FaultsAsync()).Select(fault => (fault.Kind, fault.File)), Is.EqualTo(new[] { (TemplateFaultKind.NoFolder, folder) }));

    [Test]
    public async Task A_file_that_cannot_be_read_is_a_fault()
    {
        Write("BoxPart.cshtml", "x");
        await using var taken = new FileStream(Own("BoxPart.cshtml"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.That((await FaultsAsync()).Select(fault => (fault.Kind, fault.File)),
            Is.EqualTo(new[] { (TemplateFaultKind.Unreadable, Own("BoxPart.cshtml")) }));
    }

    // RazorLight by itself compiles both of them.
    [TestCase("../outside.cshtml")]
    [TestCase("inside.cshtml")]
    public async Task A_key_that_is_not_in_the_table_is_refused_whatever_lies_there(string key)
    {
        Write("HeadingPart.cshtml", $"@inherits LetterPart<HeadingModel>\n@{{ await IncludeAsync(\"{key}\"); }}\n");
        File.WriteAllText(Path.Combine(folder, "..", "outside.cshtml"), "taken in");
        Directory.CreateDirectory(Path.Combine(folder, "inside.cshtml"));

        var fault = (await FaultsAsync()).Single();

        Assert.That((fault.Kind, fault.File), Is.EqualTo((TemplateFaultKind.Trial, Own("HeadingPart.cshtml"))));
        Assert.That(fault.Message, Does.Contain(key).And.Contain("could not be found"));
    }

    [Test]
    public async Task One_engine_serves_all_who_use_the_same_files()
    {
        Write("BoxPart.cshtml", File.ReadAllText(Path.Combine(TemplateFiles.BuiltInFolder, "BoxPart.cshtml")));

        Assert.That(await LetterEngine.ForAsync(folder), Is.SameAs(await LetterEngine.ForAsync(null)));
    }

    [Test]
    public async Task The_build_has_compiled_the_programs_own_templates_and_a_start_compiles_only_what_an_association_has_changed()
    {
        Write("BoxPart.cshtml", File.ReadAllText(Path.Combine(TemplateFiles.BuiltInFolder, "BoxPart.cshtml")) + "\n@* Changed. *@\n");

        Assert.That((await LetterEngine.ForAsync(null)).Compiled, Is.Zero);
        Assert.That((await LetterEngine.ForAsync(folder)).Compiled, Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_compiled_is_taken_again_unless_it_is_damaged_or_of_another_build()
    {
        var compiled = new List<int> { (await LetterEngine.PrecompileAsync(folder)).Compiled, (await LetterEngine.PrecompileAsync(folder)).Compiled };
        var part = Directory.GetFiles(folder, "BoxPart-*.dll").Single();
        File.WriteAllBytes(part, File.ReadAllBytes(part)[..1000]);
        compiled.Add((await LetterEngine.PrecompileAsync(folder)).Compiled);
        File.Move(part, Path.Combine(folder, "BoxPart-0123456789abcdef.dll"));
        compiled.Add((await LetterEngine.PrecompileAsync(folder)).Compiled);

        Assert.That(compiled, Is.EqualTo(new[] { TemplateFiles.Names.Count, 0, 1, 1 }));
        Assert.That(Directory.GetFiles(folder).Select(path => Path.GetFileName(path).Split('-')[0]), Has.Exactly(2).EqualTo("BoxPart"));
    }

    [Test]
    public void The_table_names_the_files_that_there_are() =>
        Assert.That(
            TemplateFiles.Names.Append(TemplateFiles.Imports),
            Is.EquivalentTo(Directory.GetFiles(Path.Combine(Repository.Root, "templates"), "*.cshtml").Select(Path.GetFileName)));

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    private string Own(string name) => Path.Combine(folder, name);

    private async Task<IReadOnlyList<TemplateFault>> FaultsAsync()
    {
        try
        {
            await LetterEngine.ForAsync(folder);
            return [];
        }
        catch (TemplateException wrong)
        {
            return wrong.Faults;
        }
    }

    private static IEnumerable<string> Texts(IDocument page, string selector) =>
        page.QuerySelectorAll(selector).Select(element => element.TextContent.Trim());

    private static IDocument Parse(RenderedLetter letter) => new HtmlParser().ParseDocument(letter.Html);
}
