namespace SmaKom.Mailer.Cli;

/// <summary>What scripts go by.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The state of things does not allow it: a sent issue cannot be paused.</summary>
    public const int Refused = 1;

    /// <summary>An argument, a file or a setting is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>The database cannot be reached, or not be used.</summary>
    public const int NoDatabase = 3;

    /// <summary>Done for all but some: the others are named.</summary>
    public const int Partly = 4;

    /// <summary>A defect.</summary>
    public const int Unexpected = 70;
}
