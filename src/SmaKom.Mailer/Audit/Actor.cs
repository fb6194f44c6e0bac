using System.Security.Claims;

namespace SmaKom.Mailer.Audit;

/// <summary>Who does something: a member of staff, or what acts where no one is logged in. Every command takes one.</summary>
public sealed record Actor
{
    /// <summary>The role of an administrator, as a login carries it.</summary>
    internal const string AdministratorRole = "admin";

    private Actor(string name, bool administers = false) => (Name, Administers) = (name, administers);

    /// <summary>Whoever has the machine has the service.</summary>
    public static Actor CommandLine { get; } = new("command_line", administers: true);

    /// <summary>A setting that decides where nobody watches, as <c>Dispatch:Unknown</c>.</summary>
    public static Actor Setting { get; } = new("setting");

    /// <summary>Somebody who is not logged in, as at a failed login.</summary>
    public static Actor Nobody { get; } = new("?");

    /// <summary>A user name, or one of the names above: what is stored.</summary>
    public string Name { get; }

    /// <summary>An administrator: a command that leaves something to them asks for it itself, whichever page or program calls it.</summary>
    public bool Administers { get; }

    /// <param name="login">User name of a member of staff.</param>
    public static Actor Staff(string login, bool administers = false) => new(login, administers);

    public static Actor Of(ClaimsPrincipal? user) =>
        user?.Identity?.Name is { } login ? new(login, user.IsInRole(AdministratorRole)) : Nobody;
}
