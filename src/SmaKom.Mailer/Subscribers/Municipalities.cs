using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Subscribers;

/// <param name="Code">Four digits, of Statistics Sweden; the first two are the county.</param>
/// <param name="Name">Without "kommun": Bjurholm.</param>
public sealed record Municipality(string Code, string Name);

/// <summary>Sweden's, from <c>municipalities.csv</c>, which names its source. What people write beside them is kept as it is.</summary>
public static class Municipalities
{
    private static readonly string[] Endings = [" kommun", " stad", " municipality"];

    /// <summary>By name, in Swedish order.</summary>
    public static IReadOnlyList<Municipality> All { get; } = [.. Read().OrderBy(one => one.Name, StringComparer.Create(new("sv"), ignoreCase: true))];

    private static readonly FrozenDictionary<string, Municipality> ByName = All.ToFrozenDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);

    // Habo and Håbo: two that only differ by a ring are found by their right names alone.
    private static readonly FrozenDictionary<string, Municipality> ByPlainName = All.GroupBy(one => Plain(one.Name))
        .Where(same => same.Count() == 1).ToFrozenDictionary(same => same.Key, same => same.Single(), StringComparer.OrdinalIgnoreCase);

    /// <summary>"Bjurholms kommun", "bjurholm", "BJURHOLM" are Bjurholm, "Ornskoldsvik" is Örnsköldsvik; null: none of Sweden's.</summary>
    public static Municipality? Find(string? written)
    {
        if (string.IsNullOrWhiteSpace(written)) return null;
        var name = string.Join(' ', written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Normalize();
        foreach (var ending in Endings)
        {
            if (!name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            name = name.Remove(name.Length - ending.Length);
            return Named(name) ?? (name.EndsWith("s", StringComparison.OrdinalIgnoreCase) ? Named(name.Remove(name.Length - 1)) : null);
        }

        return Named(name);
    }

    /// <summary>The name of the municipality that <paramref name="written"/> means, or the text itself.</summary>
    public static string? NameOf(string? written) => Find(written)?.Name ?? written;

    private static Municipality? Named(string name) => ByName.GetValueOrDefault(name) ?? ByPlainName.GetValueOrDefault(Plain(name));

    private static string Plain(string name) => string.Concat(name.Normalize(NormalizationForm.FormD)
        .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();

    private static IEnumerable<Municipality> Read()
    {
        using var file = new StreamReader(typeof(Municipalities).Assembly.GetManifestResourceStream("SmaKom.Mailer.Subscribers.municipalities.csv")!);
        while (file.ReadLine() is { } line)
            if (line.Split(',') is [{ Length: 4 } code, var name]) yield return new(code, name);
    }
}
