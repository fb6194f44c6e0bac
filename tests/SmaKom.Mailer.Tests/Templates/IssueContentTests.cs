using System.Text.Json;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class IssueContentTests
{
    [TestCaseSource(typeof(SampleLetters), nameof(SampleLetters.Issues))]
    public void Content_survives_storing(string issue)
    {
        var stored = IssueContentJson.Serialize(SampleLetters.Content(issue));
        Assert.That(IssueContentJson.Serialize(IssueContentJson.Deserialize(stored)), Is.EqualTo(stored));
        Assert.That(stored, Does.Contain("å"));
    }

    [Test]
    public void The_kind_may_come_last_as_it_does_from_jsonb()
    {
        var content = IssueContentJson.Deserialize("""
            {"year":2026,"month":11,"subject":"Ämne","preheader":"Rad","sections":[{"heading":"A","blocks":[{"body":"x","heading":"R","layout":"box","kind":"article"}]}]}
            """);
        Assert.That(content.Sections[0].Blocks[0], Is.TypeOf<Article>().With.Property(nameof(Article.Layout)).EqualTo(ArticleLayout.Box));
    }

    [Test]
    public void Half_of_a_pair_is_an_article_unless_it_says_that_it_is_an_event()
    {
        const string stored = """{"kind":"event","name":"E","start":"2026-12-01"}""";
        var content = IssueContentJson.Deserialize(
            """{"year":2026,"month":11,"subject":"Ämne","preheader":"Rad","sections":[{"heading":"A","blocks":[{"kind":"tips","left":{"heading":"R","body":"x"},"right":"""
            + stored + "}]}]}");
        var pair = (TipsPair)content.Sections[0].Blocks[0];

        Assert.That((pair.Left, pair.Right), Is.EqualTo((new Article { Heading = "R", Body = "x" }, new EventItem { Name = "E", Start = new(2026, 12, 1) })));
        var again = JsonDocument.Parse(IssueContentJson.Serialize(content)).RootElement.GetProperty("sections")[0].GetProperty("blocks")[0];
        Assert.That(again.GetProperty("left").TryGetProperty("kind", out _), Is.False, "as versions before this one read it");
        Assert.That(again.GetProperty("right").GetProperty("kind").GetString(), Is.EqualTo("event"));
    }

    [TestCase("""{"year":2026,"month":11,"subject":"Ämne","preheader":"Rad","sections":[{"heading":"A","blocks":[{"kind":"tips","left":{"kind":"calendar"},"right":{"heading":"R","body":"x"}}]}]}""")]
    [TestCase("""{"year":2026,"month":11,"preheader":"Rad"}""")]
    [TestCase("""{"year":2026,"month":11,"subject":null,"preheader":"Rad"}""")]
    [TestCase("""{"year":2026,"month":11,"subject":"Ämne","preheader":"Rad","sektions":[]}""")]
    [TestCase("""{"year":2026,"month":11,"subject":"Ämne","preheader":"Rad","sections":[{"heading":"A","blocks":[{"kind":"script"}]}]}""")]
    [TestCase("null")]
    public void What_has_another_shape_is_refused(string json) =>
        Assert.That(() => IssueContentJson.Deserialize(json), Throws.InstanceOf<JsonException>());

    [Test]
    public void Problems_name_the_place_and_the_fault_in_both_languages()
    {
        var content = new IssueContent
        {
            Year = 26,
            Month = 13,
            Subject = "rad\nbruten",
            Preheader = new string('x', 131),
            Language = "fi",
            LeadPicture = new Picture { MediaId = "", Width = 0, Height = 20_000 },
            Sections =
            [
                new Section { Heading = "" },
                new Section
                {
                    Heading = "A",
                    Blocks =
                    [
                        new Article { Heading = "R", Body = " ", CallsToAction = [new CallToAction { Text = "x", Url = "javascript:x" }] },
                        new EventItem { Name = "E", Start = new DateOnly(2026, 12, 2), End = new DateOnly(2026, 12, 1),
                            SignUpBy = new DateOnly(2027, 1, 1), Link = "mailto:a@example.org" },
                    ],
                },
            ],
        };
        Assert.That(content.Problems().Select(problem => $"{problem.Path} {problem.Key}"), Is.EqualTo(new[]
        {
            "year YearOutOfRange", "month MonthOutOfRange", "subject ControlCharacter", "language LanguageUnknown",
            "leadPicture.mediaId Missing", "leadPicture.alt AltMissing", "leadPicture.width SizeOutOfRange", "leadPicture.height SizeOutOfRange",
            "sections[1].blocks[0].body Missing", "sections[1].blocks[0].callsToAction[0].url LinkNotAllowed",
            "sections[1].blocks[1].end EndsBeforeStart", "sections[1].blocks[1].signUpBy SignUpAfterEvent",
            "sections[1].blocks[1].link LinkNotAllowed",
        }));
        foreach (var problem in content.Problems())
        {
            Assert.That(problem.Text("sv"), Is.Not.Empty.And.Not.EqualTo(problem.Text("en")), problem.Key);
        }
    }
}
