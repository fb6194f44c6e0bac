namespace SmaKom.Mailer.Audit;

/// <summary>Who decided or did something, when it was no member of staff on a page.</summary>
public static class DecidedBy
{
    public const string CommandLine = "command_line";

    /// <summary><c>Dispatch:Unknown</c>.</summary>
    public const string Setting = "setting";
}
