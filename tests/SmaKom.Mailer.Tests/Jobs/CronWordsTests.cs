using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Jobs.Pages;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Tests.Jobs;

public sealed class CronWordsTests
{
    [TestCase("0/15 * * * * ?", "var 15:e sekund", "every 15 seconds")]
    [TestCase("0 * * * * ?", "varje minut", "every minute")]
    [TestCase("0 0/2 * * * ?", "var 2:a minut", "every 2 minutes")]
    [TestCase("30 0/5 * * * ?", "var 5:e minut", "every 5 minutes")]
    [TestCase("0 17 * * * ?", "varje timme, 17 minuter över", "every hour, at 17 minutes past")]
    [TestCase("0 0 * * * ?", "varje hel timme", "every hour, on the hour")]
    [TestCase("0 0 0/6 * * ?", "var 6:e timme", "every 6 hours")]
    [TestCase("0 30 3 * * ?", "varje dag kl. 03.30", "every day at 03:30")]
    [TestCase("0 0 6 ? * MON", "varje måndag kl. 06.00", "every Monday at 06:00")]
    [TestCase("0 0 6 ? * 0", "varje söndag kl. 06.00", "every Sunday at 06:00")]
    [TestCase("0 0 6 ? * MON-FRI", "vardagar kl. 06.00", "on weekdays at 06:00")]
    [TestCase("0 0 6 21 * ?", "den 21:a varje månad kl. 06.00", "on day 21 of every month at 06:00")]
    [TestCase("0 0 6 ? * 6#3", "enligt cron-uttrycket 0 0 6 ? * 6#3", "by the cron expression 0 0 6 ? * 6#3")]
    [TestCase("0 0 6 1 1 ?", "enligt cron-uttrycket 0 0 6 1 1 ?", "by the cron expression 0 0 6 1 1 ?")]
    [TestCase("nonsense", "enligt cron-uttrycket nonsense", "by the cron expression nonsense")]
    public void A_cron_expression_reads_as_a_person_says_it(string cron, string swedish, string english)
    {
        using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        var words = new CronWords(new PluralLocalizer<JobWords>(services.GetRequiredService<IStringLocalizerFactory>()));
        Assert.That(In("sv", () => words.Of(cron)), Is.EqualTo(swedish));
        Assert.That(In("en", () => words.Of(cron)), Is.EqualTo(english));
    }

    private static string In(string language, Func<string> say)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return say();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
