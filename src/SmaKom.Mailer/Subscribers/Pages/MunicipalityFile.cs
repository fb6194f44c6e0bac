using System.Globalization;
using System.Text;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.Pages;

/// <summary>Which municipalities to call, and whom to ask about, as a file.</summary>
internal static class MunicipalityFile
{
    public const string Path = $"{MunicipalitiesPage.Address}.csv";

    public static void MapMunicipalities(this WebApplication app) => app.MapGet(Path, AnswerAsync).RequireAuthorization(StaffPolicy.Editing);

    private static async Task<IResult> AnswerAsync(HttpContext context, ByMunicipality register, IStringLocalizer<SubscriberPageWords> words)
    {
        var (all, _) = await register.ReadAsync(context.RequestAborted);
        var file = new StringBuilder().Append(Csv.ByteOrderMark).Append(Csv.Line(
            words["Column.Municipality"], words["Municipality.Why"], words["Municipality.Receiving"], words["Municipality.Troubled"],
            words["Municipality.Stopped"], words["Municipality.Left"], words["Municipality.ToAsk"]));
        foreach (var one in all.Where(one => one.Need != MunicipalityNeed.None))
            file.Append(Csv.Line(one.Name, words[$"Municipality.{one.Need}.Why"], Number(one.Receiving), Number(one.Troubled), Number(one.Stopped),
                Number(one.Left), string.Join("; ", one.ToAsk)));
        context.Response.Headers.CacheControl = "no-store";
        return Results.File(Encoding.UTF8.GetBytes(file.ToString()), "text/csv; charset=utf-8", $"{words["Municipality.File"].Value}.csv");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
