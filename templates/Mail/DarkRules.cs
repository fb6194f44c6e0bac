namespace SmaKom.Mailer.Templates.Mail;

/// <summary>The classes that dark mode recolours: everything else of a mail's look stands in its templates and in <see cref="MailStyles"/>.</summary>
internal static class DarkRules
{
    public static string For(Palette dark, string colours, string backgrounds) =>
        string.Join('\n', Backgrounds(dark).Select(Under(backgrounds)).Concat(Colours(dark).Select(Under(colours))));

    private static string[] Backgrounds(Palette dark) =>
    [
        $".paper{{background-color:{dark.Paper}!important}}",
        $".surface{{background-color:{dark.Surface}!important}}",
        $".soft{{background-color:{dark.AccentSoft}!important}}",
        $".button td{{background-color:{dark.Accent}!important}}",
    ];

    private static string[] Colours(Palette dark) =>
    [
        $".ink{{color:{dark.Ink}!important}}",
        $".muted{{color:{dark.Muted}!important}}",
        $".accent{{color:{dark.Accent}!important}}",
        $".surface,.line{{border-color:{dark.Line}!important}}",
        $".rule,.quote{{border-color:{dark.Accent}!important}}",
        $".button a{{color:{dark.Paper}!important}}",
    ];

    private static Func<string, string> Under(string mark) => rule => mark + rule.Replace(",", $",{mark}", StringComparison.Ordinal);
}
