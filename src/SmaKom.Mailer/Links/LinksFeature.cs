namespace SmaKom.Mailer.Links;

public static class LinksFeature
{
    public static void AddLinks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LinkKeys>();
        builder.Services.AddSingleton<LinkSigner>();
        builder.Services.AddSingleton<LinkAddresses>();
    }

    public static Task PrepareLinkKeysAsync(this IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<LinkKeys>().LoadAsync(ct);
}
