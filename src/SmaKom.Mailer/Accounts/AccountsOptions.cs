using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Accounts;

/// <summary>How staff log in (section <c>Accounts</c>).</summary>
public sealed class AccountsOptions
{
    /// <summary>How long a login lasts without use.</summary>
    public TimeSpan Session { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long it lasts at most, however much it is used.</summary>
    public TimeSpan LongestSession { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Wrong passwords in a row before an account waits, also of those that are tried at the same moment. 1–100.</summary>
    public int FailuresBeforeWait { get; set; } = 5;

    /// <summary>How long it then waits.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts to log in from one network address (IPv6: /64) in <see cref="Wait"/>, right and wrong ones, in all web processes
    /// together. At least 1.</summary>
    public int AttemptsPerNetworkAddress { get; set; } = 30;

    /// <summary>Lets the sample login in. Set by a sample run, never by hand: its password is public.</summary>
    public bool AllowSampleLogin { get; set; }

    internal sealed class Validation : IValidateOptions<AccountsOptions>
    {
        public ValidateOptionsResult Validate(string? name, AccountsOptions options)
        {
            var problems = new List<string>();
            if (options.Session <= TimeSpan.Zero) problems.Add(SettingWords.Say("Accounts.Session", options.Session));
            if (options.LongestSession <= TimeSpan.Zero) problems.Add(SettingWords.Say("Accounts.LongestSession", options.LongestSession));
            if (options.Wait <= TimeSpan.Zero) problems.Add(SettingWords.Say("Accounts.Wait", options.Wait));
            if (options.FailuresBeforeWait is < 1 or > 100) problems.Add(SettingWords.Say("Accounts.FailuresBeforeWait", options.FailuresBeforeWait));
            if (options.AttemptsPerNetworkAddress < 1)
                problems.Add(SettingWords.Say("Accounts.AttemptsPerNetworkAddress", options.AttemptsPerNetworkAddress));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
