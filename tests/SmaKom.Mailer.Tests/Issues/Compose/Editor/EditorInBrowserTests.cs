using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>Writing in the editor by keyboard alone.</summary>
public sealed class EditorInBrowserTests : EditorPage
{
    [TestCase("## Rubrik|<Enter>|text", "### Rubrik\n\ntext")]
    [TestCase("- ett|<Enter>|två|<Enter>|<Enter>|efter", "- ett\n- två\n\nefter")]
    [TestCase("- ett|<Enter>|två|<Control+]>", "- ett\n  - två")]
    [TestCase("3. tre|<Enter>|fyra", "3. tre\n4. fyra")]
    [TestCase("> citat", "> citat")]
    [TestCase("det är **fett** och *lutat* nu", "det är **fett** och *lutat* nu")]
    [TestCase("**x**|<Control+z>", "\\*\\*x\\*")]
    [TestCase("<Control+b>|fet|<Control+b>| och |<Control+i>|lutad", "**fet** och *lutad*")]
    [TestCase("ett|<Shift+Enter>|två", "ett\\\ntvå")]
    [TestCase("## x|<ArrowLeft>|<Backspace>", "x")]
    [TestCase("/|<Escape>|x", "/x")]
    [TestCase("/pu|<Enter>|ett", "- ett")]
    [TestCase("/|<ArrowDown>|<ArrowDown>|<Enter>|ett", "1. ett")]
    [TestCase("ord|<Tab>", "ord")]
    public async Task What_is_typed_is_saved_as_Markdown(string keys, string markdown)
    {
        await OpenTextAsync();
        await TypeAsync(keys.Split('|'));

        Assert.That(await MarkdownAsync(), Is.EqualTo(markdown));
    }

    [TestCase("Hon sa \"hej\" och", "Hon sa ”hej” och")]
    [TestCase("ett - två", "ett – två")]
    [TestCase("kl. 9-12 och", "kl. 9–12 och")]
    [TestCase("1 000 000 kr, 5 %", "1\u00a0000\u00a0000\u00a0kr, 5\u00a0%")]
    [TestCase("år 2024 100 kom, 0999-123 45, 2026-11-29.", "år 2024 100 kom, 0999-123 45, 2026-11-29.")]
    [TestCase("Hon sa \"|<Control+z>", "Hon sa \"")]
    [TestCase("ett - två|<Control+z>|<Control+z>", "ett - ")]
    public async Task Signs_are_put_right_in_a_step_that_undo_takes_back(string keys, string markdown)
    {
        await OpenTextAsync();
        await TypeAsync(keys.Split('|'));

        Assert.That((await MarkdownAsync()).TrimEnd(), Is.EqualTo(markdown.TrimEnd()));
    }

    [Test]
    public async Task An_issue_in_English_has_quotation_marks_of_its_own_and_is_spelled_so()
    {
        await OpenTextAsync(language: "en");
        await TypeAsync("She said \"yes\"");

        Assert.That(await MarkdownAsync(), Is.EqualTo("She said “yes”"));
        Assert.That(await Page.Locator("rich-text").GetAttributeAsync("lang"), Is.EqualTo("en"));
    }

    [Test]
    public async Task The_buttons_are_one_stop_for_tab_and_say_what_holds()
    {
        await OpenTextAsync("ord");
        await TypeAsync("<Control+a>", "<Shift+Tab>");
        await Assertions.Expect(Button("Fet")).ToBeFocusedAsync();
        await TypeAsync("<Enter>");
        Assert.That(await MarkdownAsync(), Is.EqualTo("**ord**"));
        await Assertions.Expect(Text).ToBeFocusedAsync();
        await Assertions.Expect(Button("Fet")).ToHaveAttributeAsync("aria-pressed", "true");

        await TypeAsync("<Shift+Tab>", "<ArrowRight>", "<ArrowRight>", "<ArrowRight>", "<Enter>");
        Assert.That(await MarkdownAsync(), Is.EqualTo("### **ord**"));
        await Assertions.Expect(Button("Underrubrik")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Test]
    public async Task A_link_is_made_changed_and_removed_by_keyboard()
    {
        await OpenTextAsync("Läs här");
        await TypeAsync("<End>", "<Control+Shift+ArrowLeft>", "<Control+k>");
        await Assertions.Expect(Page.GetByLabel("Länkens adress")).ToBeFocusedAsync();
        await TypeAsync("inte en adress", "<Enter>");
        await Assertions.Expect(Page.GetByLabel("Länkens adress")).ToHaveAttributeAsync("aria-invalid", "true");
        await TypeAsync("<Control+a>", "www.example.org/?utm_source=x", "<Enter>");
        await Assertions.Expect(Text).ToBeFocusedAsync();
        Assert.That(await MarkdownAsync(), Is.EqualTo("Läs [här](https://www.example.org/)"));

        await TypeAsync("<Control+k>", "<Escape>");
        await Assertions.Expect(Text).ToBeFocusedAsync();
        await TypeAsync("<Control+k>", "<Control+a>", "anna@example.org", "<Enter>");
        Assert.That(await MarkdownAsync(), Is.EqualTo("Läs [här](mailto:anna@example.org)"));
        await TypeAsync("<Control+k>", "<Control+a>", "<Delete>", "<Enter>");
        Assert.That(await MarkdownAsync(), Is.EqualTo("Läs här"));
    }

    [Test]
    public async Task Opening_a_text_changes_nothing_of_it()
    {
        await OpenTextAsync("* ett\n* __två__");
        await TypeAsync("<ArrowDown>");

        Assert.That(await MarkdownAsync(), Is.EqualTo("* ett\n* __två__"));
        await Assertions.Expect(Text.Locator("li strong")).ToHaveTextAsync("två");
    }

    [Test]
    public async Task Whatever_fills_the_field_is_followed()
    {
        await OpenTextAsync("ett");
        await Page.EvaluateAsync("document.querySelector('draft-form').fill({ body: '- två' })");

        await Assertions.Expect(Text.Locator("li")).ToHaveTextAsync("två");
        Assert.That(await MarkdownAsync(), Is.EqualTo("- två"));
    }

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
