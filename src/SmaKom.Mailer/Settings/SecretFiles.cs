using System.Collections;

namespace SmaKom.Mailer.Settings;

/// <summary>
/// Secrets as files, as containers are given them: <c>SMAKOM__Smtp__Password_FILE=/run/secrets/smtp</c> is that file's text, whatever
/// characters it has. The same for each setting, for the connection strings, and for <c>PGPASSWORD</c>, which completes them.
/// </summary>
public static class SecretFiles
{
    private const string Suffix = "_FILE";
    private static readonly string[] Prefixes = ["SMAKOM__", "ConnectionStrings__", "PGPASSWORD"];

    /// <summary>Makes the values environment variables of this process. What others see of its environment does not change.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, or the value is given otherwise, too.</exception>
    public static void Load()
    {
        foreach (var (name, file) in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(one => ((string)one.Key, (string?)one.Value)))
        {
            if (!name.EndsWith(Suffix, StringComparison.Ordinal) || !Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
                || string.IsNullOrEmpty(file)) continue;
            var setting = name[..^Suffix.Length];
            if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(setting)))
                throw new ConfigurationException(SettingWords.Say("SecretFile.Twice", setting, name));
            Environment.SetEnvironmentVariable(setting, Read(name, file));
        }
    }

    private static string Read(string name, string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            // Editors and echo end the file with a line's end that is not meant.
            return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(SettingWords.Say("SecretFile.Unreadable", name, file, e.Message));
        }
    }
}
