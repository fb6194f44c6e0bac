namespace SmaKom.Mailer.Accounts;

public static class AccountsFeature
{
    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
    }

    public static void UseAccounts(this WebApplication app)
    {
    }

    public static Task PrepareAccountsAsync(this IServiceProvider services, CancellationToken ct) => Task.CompletedTask;
}
