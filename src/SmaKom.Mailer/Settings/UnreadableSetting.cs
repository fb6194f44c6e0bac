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
        return SettingWords.Say("Unreadable", path, told.Groups["value"].Value, "SMAKOM__" + path.Replace(":", "__", StringComparison.Ordinal), KindOf(told.Groups["type"].Value));
    }

    private static string KindOf(string name)
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is not null);
        return type switch
        {
            { IsEnum: true } => Choices(Enum.GetNames(type)),
            _ when type == typeof(bool) => SettingWords.Say("Unreadable.Boolean"),
            _ when type == typeof(TimeSpan) => SettingWords.Say("Unreadable.Time"),
            _ when type == typeof(double) => SettingWords.Say("Unreadable.Number"),
            _ when type == typeof(int) || type == typeof(long) => SettingWords.Say("Unreadable.WholeNumber"),
            _ => name,
        };
    }

    private static string Choices(string[] names) => SettingWords.Say("Unreadable.Choice", string.Join(", ", names[..^1]), names[^1]);

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<path>[^']+)' to type '(?<type>[^']+)'", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Complaint();
}
