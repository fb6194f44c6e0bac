using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>Limits of the sign-up form (section <c>SignUp</c>). They bound the mail that strangers can make us send to others.</summary>
public sealed class SignUpOptions
{
    /// <summary>How long the button in the confirmation mail works. 1–168 hours.</summary>
    public TimeSpan ConfirmWithin { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Faster than this after the form was shown, no person has filled it in. 0–60 s.</summary>
    public TimeSpan MinimumTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Confirmations to one mailbox within 24 hours; what stands behind a + in an address makes no other mailbox.</summary>
    public int PerAddressAndDay { get; set; } = 1;

    /// <summary>Confirmations to one mailbox within 30 days.</summary>
    public int PerAddressAndMonth { get; set; } = 3;

    /// <summary>Confirmations to addresses of one domain within 24 hours: nobody shall use us to fill one organisation's mailboxes.</summary>
    public int PerDomainAndDay { get; set; } = 200;

    /// <summary>Sign-ups from one network (IPv4 /24, IPv6 /48) within an hour: a course room must fit.</summary>
    public int PerNetworkAndHour { get; set; } = 40;

    /// <summary>Sign-ups from everywhere within an hour: the breaker against a spread attack.</summary>
    public int PerHour { get; set; } = 500;

    internal sealed class Validation : IValidateOptions<SignUpOptions>
    {
        public ValidateOptionsResult Validate(string? name, SignUpOptions options)
        {
            var problems = new List<string>();
            if (options.ConfirmWithin < TimeSpan.FromHours(1) || options.ConfirmWithin > TimeSpan.FromHours(168))
                problems.Add(SettingWords.Say("SignUp.ConfirmWithin", options.ConfirmWithin));
            if (options.MinimumTime < TimeSpan.Zero || options.MinimumTime > TimeSpan.FromMinutes(1))
                problems.Add(SettingWords.Say("SignUp.MinimumTime", options.MinimumTime));
            foreach (var (key, value) in new[]
            {
                (nameof(options.PerAddressAndDay), options.PerAddressAndDay), (nameof(options.PerAddressAndMonth), options.PerAddressAndMonth),
                (nameof(options.PerDomainAndDay), options.PerDomainAndDay),
                (nameof(options.PerNetworkAndHour), options.PerNetworkAndHour), (nameof(options.PerHour), options.PerHour),
            })
                if (value < 1) problems.Add(SettingWords.Say("SignUp.Limit", key, value));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
