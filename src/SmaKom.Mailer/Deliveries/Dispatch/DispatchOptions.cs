using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>How letters are dispatched (section <c>Dispatch</c>).</summary>
public sealed class DispatchOptions
{
    /// <summary>How long a worker's claim holds without a sign of life. After it, what was between intent and outcome is unknown.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often work is looked for when nobody has said that there is any.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Waits after the first, second, … deferral; the last one repeats. Unset = 15 and 35 minutes, 2 and 3 hours (RFC 5321 §4.5.4.1).
    /// </summary>
    public TimeSpan[]? RetryAfter { get; set; }

    // Not the property's initial value: the configuration binder would append to it.
    internal IReadOnlyList<TimeSpan> RetryWaits =>
        RetryAfter ?? [TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(35), TimeSpan.FromHours(2), TimeSpan.FromHours(3)];

    /// <summary>Share of a wait by which it is lengthened at random, 0–1, so that retries do not come in herds.</summary>
    public double RetryJitter { get; set; } = 0.2;

    /// <summary>From the first attempt on; then the person counts as refused.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(4);

    /// <summary>Rest of a receiver that says that we are too fast. Google asks for 10 minutes or more.</summary>
    public TimeSpan SlowDownPause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After the rest: how long it must take letters before it gets one connection more.</summary>
    public TimeSpan SlowDownStep { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>At SIGTERM: how long letters in flight may take to end.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Letters of which nobody knows whether they arrived: <c>Ask</c> staff, <c>SendAgain</c>, or <c>Leave</c> them.</summary>
    public UnknownChoice Unknown { get; set; } = UnknownChoice.Ask;

    /// <summary>With <see cref="UnknownChoice.SendAgain"/>: how many more times at most, 1–5. Each may be a second copy for somebody.</summary>
    public int UnknownAttempts { get; set; } = 1;

    internal sealed class Validation : IValidateOptions<DispatchOptions>
    {
        public ValidateOptionsResult Validate(string? name, DispatchOptions options)
        {
            var problems = new List<string>();
            if (options.Lease < TimeSpan.FromSeconds(1)) problems.Add(SettingWords.Say("Dispatch.Lease"));
            if (options.PollInterval <= TimeSpan.Zero) problems.Add(SettingWords.Say("Dispatch.PollInterval"));
            if (options.RetryWaits.Count == 0 || options.RetryWaits.Any(wait => wait < TimeSpan.Zero))
                problems.Add(SettingWords.Say("Dispatch.RetryAfter"));
            if (options.SlowDownPause <= TimeSpan.Zero || options.SlowDownStep <= TimeSpan.Zero)
                problems.Add(SettingWords.Say("Dispatch.ReceiverBackoff"));
            if (options.RetryJitter is < 0 or > 1) problems.Add(SettingWords.Say("Dispatch.RetryJitter"));
            if (options.UnknownAttempts is < 1 or > 5) problems.Add(SettingWords.Say("Dispatch.UnknownAttempts"));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
