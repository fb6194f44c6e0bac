using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Web;

/// <summary>The words of a resource file, whose numbers <see cref="Plurals"/> bends.</summary>
public class PluralLocalizer(IStringLocalizer words) : IStringLocalizer
{
    public LocalizedString this[string name] => words[name];

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var text = words[name];
            return new(name, Plurals.Format(text.Value, arguments), text.ResourceNotFound, text.SearchedLocation);
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => words.GetAllStrings(includeParentCultures);
}

/// <inheritdoc />
public sealed class PluralLocalizer<T>(IStringLocalizerFactory factory) : PluralLocalizer(factory.Create(typeof(T))), IStringLocalizer<T>;
