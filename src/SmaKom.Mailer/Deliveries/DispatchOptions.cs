using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Deliveries;

/// <summary>How letters are dispatched (section <c>Dispatch</c>).</summary>
public sealed class DispatchOptions
{
    /// <summary>How long a worker's claim holds without a sign of life. After it, what was between intent and outcome is unknown.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often work is looked for when nobody has said that there is any.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Waits after the first, second, … deferral; the last one repeats. Unset = 15 and 35 minutes, 2 and 3 hours (RFC 5321 §4.5.4.1).</summary>
    public TimeSpan[]? RetryAfter { get; set; }

    // Not the property's initial value: the configuration binder would append to it.
    internal IReadOnlyList<TimeSpan> RetryWaits => RetryAfter ?? [TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(35), TimeSpan.FromHours(2), TimeSpan.FromHours(3)];

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

    /// <summary>Who decides about letters of which nobody knows whether they arrived.</summary>
    public UnknownChoice Unknown { get; set; } = UnknownChoice.Ask;

    /// <summary>With <see cref="UnknownChoice.SendAgain"/>: how many more times at most, 1–5. Each may be a second copy for somebody.</summary>
    public int UnknownAttempts { get; set; } = 1;

    internal sealed class Validation : IValidateOptions<DispatchOptions>
    {
        public ValidateOptionsResult Validate(string? name, DispatchOptions options)
        {
            var problems = new List<string>();
            if (options.Lease < TimeSpan.FromSeconds(1)) problems.Add("Dispatch:Lease is shorter than a second. Set SMAKOM__Dispatch__Lease to, for example, 00:00:30.");
            if (options.PollInterval <= TimeSpan.Zero) problems.Add("Dispatch:PollInterval must be longer than nothing. Set SMAKOM__Dispatch__PollInterval to, for example, 00:00:05.");
            if (options.RetryWaits.Count == 0 || options.RetryWaits.Any(wait => wait < TimeSpan.Zero)) problems.Add("Dispatch:RetryAfter needs at least one wait, none negative. Set SMAKOM__Dispatch__RetryAfter__0 to, for example, 00:15:00.");
            if (options.SlowDownPause <= TimeSpan.Zero || options.SlowDownStep <= TimeSpan.Zero) problems.Add("Dispatch:SlowDownPause and Dispatch:SlowDownStep must be longer than nothing. Set SMAKOM__Dispatch__SlowDownPause to, for example, 00:10:00.");
            if (options.RetryJitter is < 0 or > 1) problems.Add("Dispatch:RetryJitter must be 0–1.");
            if (options.UnknownAttempts is < 1 or > 5) problems.Add("Dispatch:UnknownAttempts must be 1–5. Set SMAKOM__Dispatch__UnknownAttempts to, for example, 1.");
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
