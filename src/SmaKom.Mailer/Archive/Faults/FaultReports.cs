using System.Globalization;
using System.Net;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Archive.Faults;

/// <summary>Mails a report of an accessibility fault to the office.</summary>
public sealed class FaultReports(
    NpgsqlDataSource source, NoticeOutbox notices, FormLimits limits, IStringLocalizer<FaultWords> words, IOptions<SenderOptions> sender)
{
    /// <summary>The office reads Swedish first.</summary>
    private const string OfficeLanguage = "sv";

    /// <summary>False when too many have come within the hour (<see cref="FormLimits"/>).</summary>
    public async Task<bool> SendAsync(FaultForm form, IPAddress? from, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await limits.TakeAsync(connection, FormLimits.Fault, from, ct)) return false;
        await notices.WriteAsync(connection,
            new(NoticeKind.FaultReport, null, sender.Value.ContactEmail, OfficeLanguage, FaultForm.Plain(form.What)) { Further = Further(form) }, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    // In the language of the mail, not in that of the page.
    private List<string> Further(FaultForm form)
    {
        var page = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(OfficeLanguage);
        try
        {
            return [.. new[] { ("Mail.Page", form.Page), ("Mail.Reply", form.Reply) }.Where(part => !string.IsNullOrWhiteSpace(part.Item2))
                .Select(part => words[part.Item1, FaultForm.Plain(part.Item2)].Value)];
        }
        finally
        {
            CultureInfo.CurrentUICulture = page;
        }
    }
}
