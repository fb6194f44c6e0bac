using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>The sample issues, written part by part as the page's forms do it, give the approved letters.</summary>
public sealed class SamplesRebuiltTests : DraftFixture
{
    [TestCaseSource(typeof(SampleLetters), nameof(SampleLetters.Issues))]
    public async Task Written_through_the_commands_an_issue_is_the_same_letter(string sample)
    {
        await Database.ExecuteAsync("DELETE FROM issue");
        await Database.SentIssuesAsync();
        var wanted = SampleLetters.Content(sample);
        var issue = (await Drafts.CreateAsync(NewIssueFrom.Skeleton, null, (wanted.Year, wanted.Month), Given.Editor, default))!.Value;
        foreach (var section in (await ContentAsync(issue)).Sections) await Commands.RemoveAsync(issue, section.Id!, Given.Editor, default);
        await WriteAsync(issue, DraftPart.Head, wanted);
        foreach (var section in wanted.Sections)
        {
            var made = (await Commands.AddSectionAsync(issue, section.Heading, Given.Editor, default)).Part!;
            foreach (var block in section.Blocks)
            {
                var kind = block switch { TipsPair => NewBlock.Tips, EventItem => NewBlock.Event, _ => NewBlock.Article };
                await WriteAsync(issue, (await Commands.AddBlockAsync(issue, made, kind, Given.Editor, default)).Part!, block);
            }
        }

        if (wanted.Contact is { } contact && (await ContentAsync(issue)).Contact is null)
            await Commands.AddContactAsync(issue, Given.Editor, default);
        if (wanted.Contact is not null) await WriteAsync(issue, DraftPart.Contact, wanted.Contact);

        var letter = await SampleLetters.Renderer.RenderAsync(await ContentAsync(issue), SampleLetters.Context(sample));
        Approved.AssertSame($"{sample}.golden.html", letter.Html);
        Approved.AssertSame($"{sample}.golden.txt", letter.Text);
    }

    private async Task WriteAsync(int issue, string part, object value)
    {
        var saved = await SaveAsync(issue, part, [.. PartFields.Of(value).Select(field => (field.Key, field.Value))]);
        Assert.That(saved.Answer, Is.EqualTo(ComposeAnswer.Done));
    }
}
