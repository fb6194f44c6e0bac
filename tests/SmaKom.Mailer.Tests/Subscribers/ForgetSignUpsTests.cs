using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class ForgetSignUpsTests
{
    [Test]
    public async Task A_network_is_forgotten_after_a_day_and_the_rest_after_a_month()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO sign_up (email, email_key, language, consent, network, requested_at)
            SELECT days::text, days::text, 'sv', '{}', 'x', now() - days * interval '1 day' - interval '1 hour'
            FROM unnest(ARRAY[0, 1, 29, 30]) AS days;
            INSERT INTO notice (kind, email, language, state, created_at, next_attempt_at)
            SELECT 'confirmation', days::text, 'sv', 'accepted', now() - days * interval '1 day' - interval '1 hour', now()
            FROM unnest(ARRAY[0, 30]) AS days;
            """);

        var time = new DatabaseClock(TimeProvider.System);
        await new ForgetSignUps(database.Source, new RetentionLog(database.Source), time).RunAsync(null, default);

        Assert.That(await database.ScalarAsync<string>(
            "SELECT string_agg(email || CASE WHEN network IS NULL THEN '' ELSE '+' END, ' ' ORDER BY id) FROM sign_up"), Is.EqualTo("0+ 1 29"));
        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(email, ' ') FROM notice"), Is.EqualTo("0"));
    }
}
