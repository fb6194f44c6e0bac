using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Deliveries.Brake;

/// <summary>
/// When an issue pauses itself because a relay refuses its letters for our sake: policy, size, content, commands (section <c>Brake</c>).
/// </summary>
public sealed class BrakeOptions
{
    /// <summary>
    /// So many letters refused for one cause, before the relay has taken any of the issue: 1–<see cref="Window"/>. Of a shorter issue, all.
    /// </summary>
    public int First { get; set; } = 20;

    /// <summary>So large a part of the last <see cref="Window"/> letters over the relay refused for one cause: above 0, at most 1.</summary>
    public double Share { get; set; } = 0.3;

    /// <summary>Letters that <see cref="Share"/> is a part of, 10–10,000.</summary>
    public int Window { get; set; } = 200;

    internal sealed class Validation : IValidateOptions<BrakeOptions>
    {
        public ValidateOptionsResult Validate(string? name, BrakeOptions options)
        {
            var problems = new List<string>();
            if (options.Window is < 10 or > 10_000) problems.Add(SettingWords.Say("Brake.Window", options.Window));
            if (options.First < 1 || options.First > options.Window) problems.Add(SettingWords.Say("Brake.First", options.First));
            if (options.Share is not (> 0 and <= 1)) problems.Add(SettingWords.Say("Brake.Share", options.Share));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
