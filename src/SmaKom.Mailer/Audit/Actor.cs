using System.Security.Claims;

namespace SmaKom.Mailer.Audit;

/// <summary>Who does something: a member of staff, or what acts where no one is logged in. Every command takes one.</summary>
public sealed record Actor
{
    private Actor(string name) => Name = name;

    public static Actor CommandLine { get; } = new("command_line");

    /// <summary>A setting that decides where nobody watches, as <c>Dispatch:Unknown</c>.</summary>
    public static Actor Setting { get; } = new("setting");

    /// <summary>Somebody who is not logged in, as at a failed login.</summary>
    public static Actor Nobody { get; } = new("?");

    /// <summary>A user name, or one of the names above: what is stored.</summary>
    public string Name { get; }

    /// <param name="login">User name of a member of staff.</param>
    public static Actor Staff(string login) => new(login);

    public static Actor Of(ClaimsPrincipal? user) => user?.Identity?.Name is { } login ? new(login) : Nobody;
}
