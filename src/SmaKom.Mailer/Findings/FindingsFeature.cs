namespace SmaKom.Mailer.Findings;

public static class FindingsFeature
{
    public static void AddFindings(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<FindingTexts>();
}
