using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Domains.Checks;

namespace SmaKom.Mailer.Domains;

/// <summary>Names the resource files of what is found about domains: <c>DomainWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class DomainWords;

/// <summary>Puts verdicts into the reader's words.</summary>
public sealed class DomainTexts(IStringLocalizer<DomainWords> words)
{
    /// <summary>What is so.</summary>
    public string Says(DomainVerdict verdict) => Words(verdict.Kind, verdict);

    /// <summary>What to do; of a problem always something, else empty or a piece of advice. With the record, where there is one.</summary>
    public string Advises(DomainVerdict verdict) =>
        verdict.Record is { } record ? $"{Does(verdict)} {words["Publish", record.Name, record.Type, record.Value]}".Trim() : Does(verdict);

    /// <summary>The same without the record, for a page that shows it by itself.</summary>
    public string Does(DomainVerdict verdict) => Words($"{verdict.Kind}.Do", verdict);

    private string Words(string key, DomainVerdict verdict) =>
        words[key, [verdict.Domain, .. verdict.Facts]] is { ResourceNotFound: false } text ? text.Value : "";
}
