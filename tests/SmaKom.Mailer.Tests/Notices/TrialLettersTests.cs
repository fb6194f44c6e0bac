using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Rendering;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Notices;

/// <summary>Whatever text a setting holds: it is refused by name, or every letter can be written with it.</summary>
[TestFixture]
public sealed class TrialLettersTests
{
    private const int Texts = 60;
    private readonly LetterRenderer renderer = new(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance, new LetterLook(null));

    [TestCaseSource(nameof(TextSettings))]
    public async Task Any_text_is_refused_by_name_or_stands_in_every_letter(string setting)
    {
        foreach (var text in AnyText.Sample(Texts).Select(text => text.Trim()).Append("").Append("Åsa (ett), \"två\" <tre>: fyra;"))
            await TryAsync(setting, Fit(setting, text));
    }

    [TestCase("Site:PublicUrl", "https://nyhetsbrev.småkom.example", "<https://nyhetsbrev.xn--smkom-nra.example/avsluta/")]
    [TestCase("Site:PublicUrl", "https://smakom.example/bokhållning", "<https://smakom.example/bokh%C3%A5llning/avsluta/")]
    [TestCase("Sender:ContactEmail", "åsa@småkom.example", "<mailto:%C3%A5sa@xn--smkom-nra.example>")]
    [TestCase("Theme:NewsletterName", "Nyhetsbrev (Småkom)", "=?utf-8?Q?Nyhetsbrev_=28Sm=C3=A5kom=29?=")]
    [TestCase("Theme:NewsletterName", "Nytt, hett <A>", "List-Id: \"Nytt, hett <A>\" <nyhetsbrev.example.org>")]
    [TestCase("Sender:Address", "nyhetsbrev@småkom.example", "<nyhetsbrev.xn--smkom-nra.example>")]
    public async Task What_stands_outside_ASCII_is_written_as_every_server_reads_it(string setting, string text, string expected)
    {
        var settings = new Settings(setting, text);
        Assert.That(settings.Problems, Is.Empty);
        var head = Encoding.ASCII.GetString(await IssueLetterAsync(settings)).Replace("\r\n ", " ", StringComparison.Ordinal);
        Assert.That(head, Does.Contain(expected));
    }

    [TestCase("Sender:Address", "åsa@example.org")]
    [TestCase("Sender:ReplyTo", "åsa@example.org")]
    [TestCase("Sender:ListId", "nyhetsbrev småkom")]
    [TestCase("Sender:Organisation", "Små\nkom")]
    [TestCase("Sender:ReturnPathDomain", "studs@example.org")]
    [TestCase("Sender:Site", "example.org")]
    [TestCase("Site:PublicUrl", "https://example.org?x=1")]
    [TestCase("Site:PublicUrl", "https://user:word@example.org")]
    [TestCase("Site:PublicUrl", "https://exa mple.org")]
    public void What_no_letter_can_be_written_with_is_refused_by_name(string setting, string text) =>
        Assert.That(string.Join(' ', new Settings(setting, text).Problems), Does.Contain(setting));

    [Test]
    public void A_start_with_a_wrong_name_ends_in_words()
    {
        // Bypasses what looks at each setting: this one looks at the letters.
        var sender = new SenderOptions { PostalAddress = "Gatan 1", ListId = "nyhetsbrev <b>" };
        var settings = new Settings("", "") { Sender = sender };

        Assert.That(() => TrialOf(settings).WriteAsync(),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("List-Id").And.Property("InnerException").Null);
    }

    private static IEnumerable<string> TextSettings() =>
        Of<SenderOptions>("Sender").Concat(Of<SiteOptions>("Site")).Concat(Of<Theme>(Theme.Section));

    private static IEnumerable<string> Of<T>(string section) => typeof(T).GetProperties()
        .Where(property => property.PropertyType == typeof(string) && property.SetMethod is not null)
        .Select(property => $"{section}:{property.Name}");

    // Most random text is no address at all: what stands around it makes it one.
    private static string Fit(string setting, string text) => setting switch
    {
        "Sender:Address" or "Sender:ReplyTo" or "Sender:ContactEmail" => $"{text}@{text}.example",
        "Site:PublicUrl" or "Sender:Site" or "Theme:LogoUrl" => $"https://{text}.example/{text}",
        "Sender:ListId" or "Sender:ReturnPathDomain" => $"{text}.example",
        _ => text,
    };

    private async Task TryAsync(string setting, string text)
    {
        var settings = new Settings(setting, text);
        if (settings.Problems.Count > 0)
        {
            Assert.That(string.Join(' ', settings.Problems), Does.Contain(setting).Or.Contain(setting.Split(':')[1]), text);
            return;
        }

        Assert.That(() => TrialOf(settings).WriteAsync(), Throws.Nothing, text);
        using var letter = new MemoryStream(await IssueLetterAsync(settings));
        var read = await MimeKit.MimeMessage.LoadAsync(letter);
        Assert.That(read.From.Mailboxes.Single().Name, Is.EqualTo(settings.Sender.Organisation.Trim()), text);
        Assert.That(read.Headers.Count(header => header.Id == MimeKit.HeaderId.ListId), Is.EqualTo(1));
    }

    private TrialLetters TrialOf(Settings settings) => new(Freezer(settings),
        new NoticeLetters(
            renderer, Issues(settings), settings.Addresses, settings.Theme, Options.Create(settings.Sender), Options.Create(new SignUpOptions()),
            Options.Create(new SiteOptions())),
        settings.Addresses, Options.Create(settings.Sender));

    private LetterFreezer Freezer(Settings settings) =>
        new(Issues(settings), settings.Addresses, Options.Create(settings.Sender), settings.Theme);

    private IssueRenderer Issues(Settings settings) => new(renderer, settings.Addresses, Options.Create(settings.Sender), settings.Theme);

    private async Task<byte[]> IssueLetterAsync(Settings settings)
    {
        var letter = await Freezer(settings).FreezeAsync("2026-01", Specimen.Issue, new("sv", LegalBasis.Consent, default));
        var message = new ArrayBufferWriter<byte>();
        var to = new Mailbox(null, "a@example.org");
        var person = new PersonalLetter(to, "x@example.org", DateTimeOffset.UnixEpoch, ["t", "t", "t", "a@example.org"]);
        letter.Splice(person, message);
        return message.WrittenSpan.ToArray();
    }

    /// <summary>As the host reads them, with one that a test has chosen.</summary>
    private sealed class Settings
    {
        private readonly List<string> problems = [];

        public Settings(string setting, string text)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Configuration["Sender:PostalAddress"] = "Gatan 1";
            if (setting.Length > 0) builder.Configuration[setting] = text;
            builder.AddSettings();
            using var services = builder.Services.BuildServiceProvider();
            Sender = Read<SenderOptions>(services);
            Addresses = new LinkAddresses(Options.Create(Read<SiteOptions>(services)));
            try
            {
                Theme = Theme.FromSettings(builder.Configuration);
            }
            catch (ThemeException wrong)
            {
                problems.Add(wrong.Message);
            }
        }

        public IReadOnlyList<string> Problems => problems;
        public SenderOptions Sender { get; init; }
        public LinkAddresses Addresses { get; }
        public Theme Theme { get; } = new();

        private T Read<T>(IServiceProvider services) where T : class, new()
        {
            try
            {
                return services.GetRequiredService<IOptions<T>>().Value;
            }
            catch (OptionsValidationException wrong)
            {
                problems.AddRange(wrong.Failures);
                return new T();
            }
        }
    }
}
