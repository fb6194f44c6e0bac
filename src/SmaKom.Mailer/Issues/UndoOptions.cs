using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Issues;

/// <summary>Time to change one's mind (section <c>Schedule</c>).</summary>
public sealed class UndoOptions
{
    /// <summary>Between "queue now" on the page and the first letter. 0 to 1 h.</summary>
    public TimeSpan UndoWindow { get; set; } = TimeSpan.FromMinutes(5);

    internal sealed class Validation : IValidateOptions<UndoOptions>
    {
        public ValidateOptionsResult Validate(string? name, UndoOptions options) =>
            options.UndoWindow >= TimeSpan.Zero && options.UndoWindow <= TimeSpan.FromHours(1)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(SettingWords.Say("Schedule.UndoWindow", options.UndoWindow));
    }
}
