using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>
/// An address as it stands in a cell: <c>anna@example.org</c>, <c>Anna Berg &lt;anna@example.org&gt;</c>, <c>Anna Berg (anna@example.org)</c>,
/// <c>mailto:anna@example.org</c>, <c>="anna@example.org"</c>, with a full stop after it, or the first of several as Google joins them.
/// </summary>
internal static partial class WrittenAddress
{
    private const string Scheme = "mailto:";

    /// <summary>What is to be the address, unchecked, and the name beside it.</summary>
    public static (string Address, string? Name) Read(string? cell)
    {
        var text = UnicodeText.TrimBlank((cell ?? "").Split(" ::: ")[0]);
        if (Formula().Match(text) is { Success: true } formula) text = formula.Groups[1].Value;
        string? name = null;
        if (Named().Match(text) is { Success: true } named)
            (text, name) = (named.Groups["address"].Value, named.Groups["name"].Value.Trim(' ', '"', '\''));
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) text = text[Scheme.Length..].Split('?')[0];
        return (UnicodeText.TrimBlank(text).TrimEnd('.', ',', ';'), name is null or "" || IsIn(name) ? null : name);
    }

    /// <summary>An address is meant, be it a broken one.</summary>
    public static bool IsIn(string cell) => Meant().IsMatch(cell);

    /// <summary>More than one: <c>a@example.org, b@example.org</c>. An @ in quotes before another belongs to the same address.</summary>
    public static bool AreSeveralIn(string address) => !address.Contains('"', StringComparison.Ordinal) && Meant().Count(address) > 1;

    [GeneratedRegex(@"^=\s*""([^""]*)""$", RegexOptions.CultureInvariant)]
    private static partial Regex Formula();

    [GeneratedRegex(@"^(?<name>[^<>]*)<\s*(?<address>[^<>\s]+)\s*>[.,;]*$|"
        + @"^(?<name>[^()]*)\(\s*(?<address>[^()\s]+@[^()\s]+)\s*\)[.,;]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"[^\s@]@[^\s@]+\.[^\s@]", RegexOptions.CultureInvariant)]
    private static partial Regex Meant();
}
