using System.Globalization;

namespace SmaKom.Mailer.Templates.Words;

/// <summary>
/// Texts that bend with a number: in <c>{0} {0:letter|letters}</c> the first word stands for one, the second for any other; a <c>#</c> in them is the
/// number itself.
/// </summary>
public sealed class Plurals : IFormatProvider, ICustomFormatter
{
    private static readonly Plurals Formatter = new();

    public static string Format(string text, params object[] arguments) => string.Format(Formatter, text, arguments);

    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : CultureInfo.CurrentCulture.GetFormat(formatType!);

    string ICustomFormatter.Format(string? format, object? arg, IFormatProvider? formatProvider)
    {
        var written = arg is not IFormattable number ? $"{arg}" : number.ToString(IsChoice(format) ? null : format, CultureInfo.CurrentCulture);
        return IsChoice(format) ? format!.Split('|')[written == "1" ? 0 : 1].Replace("#", written, StringComparison.Ordinal) : written;
    }

    private static bool IsChoice(string? format) => format?.Contains('|') == true;
}
