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
}
