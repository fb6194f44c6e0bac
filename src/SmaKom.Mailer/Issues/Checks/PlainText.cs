namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Texts as they are compared.</summary>
internal static class PlainText
{
    /// <summary>Letters and digits only, small: texts that differ in nothing else are the same.</summary>
    public static string Key(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
