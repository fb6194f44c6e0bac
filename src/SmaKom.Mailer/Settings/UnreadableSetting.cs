using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Settings;

/// <summary>A setting whose text is not of its kind: what .NET's binder throws then, in words.</summary>
public static partial class UnreadableSetting
{
    /// <returns>Null: the exception is about something else.</returns>
    public static string? Explain(Exception e)
    {
        if (e is not InvalidOperationException || Complaint().Match(e.Message) is not { Success: true } told) return null;
        var path = told.Groups["path"].Value;
        return Say(TypeOf(told.Groups["type"].Value), path, told.Groups["value"].Value, path.Replace(":", "__", StringComparison.Ordinal));
    }

    private static string Say(Type? type, params object[] values) => type switch
    {
        { IsEnum: true } when Enum.GetNames(type) is var names =>
            SettingWords.Say("Unreadable.Choice", [.. values, string.Join(", ", names[..^1]), names[^1]]),
        _ when type == typeof(bool) => SettingWords.Say("Unreadable.Boolean", values),
        _ when type == typeof(TimeSpan) => SettingWords.Say("Unreadable.Time", values),
        _ when type == typeof(DateOnly) || type == typeof(DateOnly?) => SettingWords.Say("Unreadable.Date", values),
        _ when type == typeof(double) => SettingWords.Say("Unreadable.Number", values),
        _ when type == typeof(int) || type == typeof(long) => SettingWords.Say("Unreadable.WholeNumber", values),
        _ => SettingWords.Say("Unreadable", [.. values, type?.Name ?? "?"]),
    };

    private static Type? TypeOf(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<path>[^']+)' to type '(?<type>[^']+)'",
        RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Complaint();
}
