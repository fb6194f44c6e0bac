namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Which mechanism to log in with, whichever client does it.</summary>
internal static class AuthMechanisms
{
    private static readonly (AuthMechanism Mechanism, string Name)[] StrongestFirst =
    [
        (AuthMechanism.ScramSha256, "SCRAM-SHA-256"), (AuthMechanism.Plain, "PLAIN"), (AuthMechanism.Login, "LOGIN"),
        (AuthMechanism.XOAuth2, "XOAUTH2"),
    ];

    /// <summary>A server offers one that a name and password are enough for, whichever client asks, and that may be used.</summary>
    public static bool HasCommon(IReadOnlyList<string> offered, bool mayShowPassword) =>
        StrongestFirst.Any(known => known.Mechanism != AuthMechanism.XOAuth2 && (mayShowPassword || known.Mechanism == AuthMechanism.ScramSha256)
            && offered.Contains(known.Name, StringComparer.OrdinalIgnoreCase));

    /// <exception cref="RelayException">None that both sides know, or only such as would show the password.</exception>
    public static AuthMechanism Choose(RelayEndpoint relay, IReadOnlyList<string> offered, bool mayShowPassword)
    {
        foreach (var (mechanism, name) in StrongestFirst)
        {
            var wanted = relay.Auth == AuthMechanism.Auto ? mechanism != AuthMechanism.XOAuth2 : mechanism == relay.Auth;
            if (!wanted || !offered.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            if (mechanism == AuthMechanism.ScramSha256 || mayShowPassword)
                return mechanism;
            throw new RelayException(RelayFailure.Authentication,
                $"{relay.Peer} wants the password in the clear ({name}) and the connection is not encrypted: nothing was sent", "AUTH");
        }
        throw new RelayException(RelayFailure.Authentication, offered.Count == 0
            ? $"{relay.Peer} offers no authentication{(mayShowPassword ? "" : ", perhaps because the connection is not encrypted")}"
            : $"{relay.Peer} offers only {string.Join(' ', offered)}, and {relay.Auth} is set", "AUTH");
    }
}
