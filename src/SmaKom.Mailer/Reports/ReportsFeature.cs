using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Reports.Pages;

namespace SmaKom.Mailer.Reports;

public static class ReportsFeature
{
    public static void AddReports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Receipts>();
        builder.Services.AddSingleton<LiveNumbers>();
        builder.Services.AddSingleton<Breakdowns>();
        builder.Services.AddSingleton<LetterList>();
        builder.Services.AddSingleton<LettersFile>();
        builder.Services.AddSingleton<DecisionLog>();
        builder.Services.AddSingleton<ReportPhrases>();
        builder.Services.AddSingleton<MailingProgress>();
        builder.Services.AddSingleton<BrakeNotices>();
    }

    /// <summary>What is no page; the pages are found by their <c>@page</c>.</summary>
    public static void MapReports(this WebApplication app)
    {
        var mailing = app.AdminGroup("/admin/utskick/{id:int:min(1)}");
        mailing.MapGet("/lage", MailingProgress.OfMailing);
        mailing.MapGet("/brev.csv", LettersFile.AnswerAsync);
        mailing.MapPost("/brev/sok", LetterEndpoints.SearchAsync);
        mailing.MapPost("/igen/bekrafta", LetterEndpoints.SendAgainAsync);
    }
}
