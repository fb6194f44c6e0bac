using SmaKom.Mailer.Admin;
using SmaKom.Mailer.Reports.Pages;

namespace SmaKom.Mailer.Reports;

public static class OutcomesFeature
{
    public static void AddOutcomes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveNumbers>();
        builder.Services.AddSingleton<Breakdowns>();
        builder.Services.AddSingleton<LetterList>();
        builder.Services.AddSingleton<LettersFile>();
        builder.Services.AddSingleton<DecisionLog>();
        builder.Services.AddSingleton<OutcomePhrases>();
        builder.Services.AddSingleton<OutcomeProgress>();
    }

    /// <summary>What is no page; the pages are found by their <c>@page</c>.</summary>
    public static void MapOutcomes(this WebApplication app)
    {
        var mailing = app.AdminGroup("/admin/utskick/{id:int}");
        mailing.MapGet("/lage", OutcomeProgress.Answer);
        mailing.MapGet("/brev.csv", LettersFile.AnswerAsync);
        mailing.MapPost("/brev/sok", LetterMoves.SearchAsync);
        mailing.MapPost("/igen/bekrafta", LetterMoves.SendAgainAsync);
    }
}
