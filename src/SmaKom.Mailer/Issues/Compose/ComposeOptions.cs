using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What a new issue begins with (section <c>Compose</c>).</summary>
public sealed class ComposeOptions
{
    private const int LongestHeading = 200;

    /// <summary>Headings of the association's usual sections, in their order, with semicolons between them.</summary>
    public string Sections { get; set; } = "Nytt sedan sist; På gång; Tips från andra; Kalender";

    internal IReadOnlyList<string> Headings => Sections.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal sealed class Validation : IValidateOptions<ComposeOptions>
    {
        public ValidateOptionsResult Validate(string? name, ComposeOptions options) =>
            options.Headings.Count > 0 && options.Headings.All(heading => heading.Length <= LongestHeading && !heading.Any(char.IsControl))
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(SettingWords.Say("Compose.Sections", options.Sections));
    }
}
