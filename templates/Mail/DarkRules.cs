namespace SmaKom.Mailer.Templates.Mail;

/// <summary>The classes that dark mode recolours: everything else of a mail's look stands in its templates and in <see cref="MailStyles"/>.</summary>
internal static class DarkRules
{
    public static string For(Palette dark, string under) => string.Join('\n', new[]
    {
        $".paper{{background-color:{dark.Paper}!important}}",
        $".surface{{background-color:{dark.Surface}!important;border-color:{dark.Line}!important}}",
        $".soft{{background-color:{dark.AccentSoft}!important}}",
        $".ink{{color:{dark.Ink}!important}}",
        $".muted{{color:{dark.Muted}!important}}",
        $".accent{{color:{dark.Accent}!important}}",
        $".quote{{border-color:{dark.Accent}!important}}",
        $".line{{border-color:{dark.Line}!important}}",
        $".rule,.button td{{background-color:{dark.Accent}!important}}",
        $".button a{{color:{dark.Paper}!important}}",
    }.Select(rule => under + rule.Replace(",", $",{under}", StringComparison.Ordinal)));
}
