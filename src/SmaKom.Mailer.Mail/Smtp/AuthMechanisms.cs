namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Which mechanism to log in with, whichever client does it.</summary>
internal static class AuthMechanisms
{
    /// <exception cref="RelayException">None that both sides know, or only such as would show the password.</exception>
    public static AuthMechanism Choose(RelayEndpoint relay, IReadOnlyList<string> offered, bool mayShowPassword)
    {
        (AuthMechanism Mechanism, string Name)[] strongestFirst =
        [
            (AuthMechanism.ScramSha256, "SCRAM-SHA-256"), (AuthMechanism.Plain, "PLAIN"), (AuthMechanism.Login, "LOGIN"),
            (AuthMechanism.XOAuth2, "XOAUTH2"),
        ];
        foreach (var (mechanism, name) in strongestFirst)
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
