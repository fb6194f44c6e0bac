using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Privacy;

/// <summary>What the record of processing (GDPR article 30) says beside what the program knows (section <c>Privacy</c>).</summary>
public sealed class PrivacyOptions
{
    /// <summary>The data protection officer, name and how to reach them; null = none is appointed.</summary>
    public string? Officer { get; set; }

    /// <summary>Who runs the machines, and in which country, as <c>Exempel Drift AB, Sverige</c>; null = the organisation itself.</summary>
    public string? HostedBy { get; set; }

    /// <summary>To which countries outside of the EU and EEA data go, and on what ground (GDPR chapter V); null = to none.</summary>
    public string? Transfers { get; set; }

    internal sealed class Validation : IValidateOptions<PrivacyOptions>
    {
        public ValidateOptionsResult Validate(string? name, PrivacyOptions options)
        {
            var problems = new List<string>();
            foreach (var (setting, value) in new[] { ("Officer", options.Officer), ("HostedBy", options.HostedBy), ("Transfers", options.Transfers) })
                if (!UnicodeText.IsLine(value ?? "")) problems.Add(SettingWords.NoLine("Privacy", setting));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
