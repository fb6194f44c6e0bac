using System.Globalization;
using System.Net;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>What whoever sent a form is shown next.</summary>
public enum SignUpAnswer
{
    /// <summary>The form, with what is to be mended.</summary>
    Mend,
    /// <summary>The form, to be sent once more: it came back sooner than a person can have filled it in, or too late.</summary>
    PressAgain,
    Thanks,
    TooMany,
}

/// <param name="Faults">Field and words; with <see cref="SignUpAnswer.Mend"/> only.</param>
public sealed record SignUpOutcome(SignUpAnswer Answer, IReadOnlyList<(string Field, string Words)> Faults);

/// <summary>What a sign-up form sent, from our own page or from one on another site.</summary>
public sealed class SignUps(
    IStringLocalizer<SubscriberWords> words, ConsentWording wording, MailingLists lists,
    FormClock clock, SignUpIntake intake, Confirmations confirmations,
    IOptions<SignUpOptions> limits)
{
    /// <param name="page">Where the form stands: a path of ours, or another site.</param>
    /// <param name="isTimed">The form has a <see cref="FormClock"/>: a copy on another site cannot.</param>
    public async Task<SignUpOutcome> SendAsync(SignUpForm form, string page, bool isTimed, IPAddress? from, CancellationToken ct)
    {
        var open = await lists.OpenAsync(ct);
        List<MailingList> chosen = [.. open.Where(list => open.Count == 1 || form.Lists?.Contains(list.Id) == true)];
        var consent = wording.Offered(open, chosen, page);
        var faults = form.Check(words, consent, out var address);
        if (chosen.Count == 0) faults = [.. faults, (nameof(SignUpForm.Lists), words["Lists.Missing"])];
        if (faults.Count > 0) return new(SignUpAnswer.Mend, faults);
        // A program. It learns nothing: the answer is everyone's.
        if (!string.IsNullOrEmpty(form.Website)) return Of(SignUpAnswer.Thanks);
        if (isTimed && !clock.IsTimely(form.Shown, limits.Value.MinimumTime)) return Of(SignUpAnswer.PressAgain);
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        var municipality = Municipalities.NameOf(UnicodeText.OptionalLine(form.Municipality));
        return await TakeAsync(
            new(address, UnicodeText.OptionalLine(form.Name), municipality, language, consent, from, [.. chosen.Select(list => list.Id)]), ct);
    }

    /// <summary>The same sign-up once more, for whoever comes to its confirmation too late.</summary>
    /// <returns><see cref="SignUpAnswer.Mend"/>: there is none that has expired.</returns>
    public async Task<SignUpAnswer> AgainAsync(string token, IPAddress? from, CancellationToken ct)
    {
        if (await confirmations.FindExpiredAsync(token, from, ct) is not { } request) return SignUpAnswer.Mend;
        // What is not open any more cannot be asked for again.
        var open = (await lists.OpenAsync(ct)).Select(list => list.Id).Intersect(request.Lists!).ToList();
        return open.Count == 0 ? SignUpAnswer.Mend : (await TakeAsync(request with { Lists = open }, ct)).Answer;
    }

    private async Task<SignUpOutcome> TakeAsync(SignUpRequest request, CancellationToken ct) =>
        Of(await intake.TakeAsync(request, ct) ? SignUpAnswer.Thanks : SignUpAnswer.TooMany);

    private static SignUpOutcome Of(SignUpAnswer answer) => new(answer, []);
}
