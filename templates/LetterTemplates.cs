using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmaKom.Mailer.Templates.Mail;

namespace SmaKom.Mailer.Templates;

/// <summary>Which templates letters are made from.</summary>
/// <param name="Folder">An association's own files; null or empty for the program's own alone.</param>
public sealed record LetterLook(string? Folder = null);

public static class LetterTemplates
{
    /// <summary>
    /// Registers <see cref="LetterRenderer"/> as a singleton, and the encoder without which å becomes &amp;#xE5;.
    /// A <see cref="LetterLook"/> registered before this call is kept.
    /// </summary>
    public static IServiceCollection AddLetterTemplates(this IServiceCollection services)
    {
        services.AddLogging();
        services.Replace(ServiceDescriptor.Singleton(LetterHtml.Encoder));
        services.TryAddSingleton(new LetterLook());
        services.TryAddSingleton<LetterRenderer>();
        return services;
    }
}
