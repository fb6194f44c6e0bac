namespace SmaKom.Mailer.Templates;

/// <summary>A setting of the theme is none that letters and pages can be written with.</summary>
/// <param name="kind">What is wrong.</param>
/// <param name="setting">E.g. <c>Theme:Light:Accent</c>.</param>
/// <param name="example">One that is right.</param>
public sealed class ThemeException(ThemeFault kind, string setting, string example)
    : Exception($"{setting} cannot be used ({kind}); it should be like {example}")
{
    public ThemeFault Kind { get; } = kind;
    public string Setting { get; } = setting;
    public string Example { get; } = example;
}

public enum ThemeFault
{
    /// <summary>Not <c>#rrggbb</c>.</summary>
    Colour,
    /// <summary>No CSS font-family list.</summary>
    Font,
    /// <summary>No http or https address.</summary>
    WebAddress,
    /// <summary>Empty, or with a character that cannot stand in a header.</summary>
    Name,
}
