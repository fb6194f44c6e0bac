using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SmaKom.Mailer.Templates;

public static class LetterTemplates
{
    /// <summary>Registers <see cref="LetterRenderer"/> as a singleton, and the encoder without which å becomes &amp;#xE5;.</summary>
    public static IServiceCollection AddLetterTemplates(this IServiceCollection services)
    {
        services.AddLogging();
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));
        services.TryAddSingleton<LetterRenderer>();
        return services;
    }
}
