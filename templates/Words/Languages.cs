using System.Globalization;

namespace SmaKom.Mailer.Templates.Words;

/// <summary>
/// The languages that there are words in: Swedish, in the neutral resource files, and each that has files of its own beside them. A further one is
/// <c>….fi.resx</c> beside those and a build; texts that it lacks are Swedish.
/// </summary>
public static class Languages
{
    /// <summary>BCP 47.</summary>
    public const string Default = "sv";

    /// <summary>What holds the words of a language beside the program, in a folder that is called as the language.</summary>
    private static readonly string[] Satellites = ["SmaKom.Mailer.resources.dll", "SmaKom.Mailer.Templates.resources.dll"];

    /// <summary>Swedish first.</summary>
    public static IReadOnlyList<string> All { get; } = In(AppContext.BaseDirectory);

    /// <summary>The language, or Swedish where there are no words in it.</summary>
    public static string Known(string? language) => language is not null && All.Contains(language, StringComparer.Ordinal) ? language : Default;

    /// <summary>In itself: svenska, English, suomi.</summary>
    public static string NameOf(string language) => CultureInfo.GetCultureInfo(language).NativeName;

    internal static IReadOnlyList<string> In(string program) =>
    [
        Default,
        .. Directory.EnumerateDirectories(program)
            .Where(folder => Satellites.Any(satellite => File.Exists(Path.Combine(folder, satellite))))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(language => language != Default)
            .Order(StringComparer.Ordinal),
    ];
}
