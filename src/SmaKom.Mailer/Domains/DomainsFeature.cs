using Microsoft.Extensions.Options;
using SmaKom.Mailer.Findings;

namespace SmaKom.Mailer.Domains;

public static class DomainsFeature
{
    public static void AddDomains(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DomainOptions>().BindConfiguration("Domains").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DomainOptions>, DomainOptions.Validation>();
        builder.Services.AddSingleton<SetupReader>();
        builder.Services.AddSingleton<DomainReports>();
        builder.Services.AddSingleton<DomainDoctor>();
        builder.Services.AddSingleton<DomainTexts>();
        builder.Services.AddSingleton<ICheck, DomainChecks>();
    }
}
