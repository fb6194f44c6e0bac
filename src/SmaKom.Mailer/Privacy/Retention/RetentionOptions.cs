using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>How long details about people are kept (section <c>Retention</c>); <c>docs/privacy.md</c> says why.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// How long what became of each letter and each single mail is kept after its issue has ended; then it is numbers. 90 to 3660 days.
    /// </summary>
    public TimeSpan LetterDetails { get; set; } = TimeSpan.FromDays(396);

    /// <summary>How long it is kept who of the staff did what. 365 to 3660 days.</summary>
    public TimeSpan AdminLog { get; set; } = TimeSpan.FromDays(731);

    internal sealed class Validation : IValidateOptions<RetentionOptions>
    {
        private const int Longest = 3660;

        public ValidateOptionsResult Validate(string? name, RetentionOptions options)
        {
            var problems = new List<string>();
            if (options.LetterDetails.TotalDays is < 90 or > Longest)
                problems.Add(SettingWords.Say("Retention.LetterDetails", options.LetterDetails));
            if (options.AdminLog.TotalDays is < 365 or > Longest) problems.Add(SettingWords.Say("Retention.AdminLog", options.AdminLog));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
