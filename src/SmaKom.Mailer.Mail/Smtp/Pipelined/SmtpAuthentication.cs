using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>Proves to a relay who we are (RFC 4954). No message of a failure holds the name or the password.</summary>
internal sealed class SmtpAuthentication(SmtpWire wire, RelayEndpoint relay, bool mayShowPassword)
{
    private const string Stage = "AUTH";
    private readonly string user = relay.Username ?? "";
    private readonly string password = relay.Password ?? "";

    /// <returns>The mechanism that succeeded.</returns>
    /// <exception cref="RelayException">Authentication: refused or impossible. Busy: 4xx, such as 454 4.7.0.</exception>
    public async Task<AuthMechanism> RunAsync(SmtpOffers offers)
    {
        var mechanism = AuthMechanisms.Choose(relay, offers.AuthMechanisms, mayShowPassword);
        try
        {
            var verdict = mechanism switch
            {
                AuthMechanism.ScramSha256 => await ScramAsync(),
                AuthMechanism.Plain => await AskAsync("AUTH PLAIN " + Encode($"\0{user}\0{password}")),
                AuthMechanism.XOAuth2 => await XOAuth2Async(),
                _ => await LoginAsync(),
            };
            return verdict.Code == 235 ? mechanism : throw Refused(verdict);
        }
        catch (FormatException e)
        {
            throw new RelayException(RelayFailure.Protocol, $"{relay.Peer} broke off the authentication: {e.Message}", Stage, null, e);
        }
    }

    private async Task<SmtpReply> LoginAsync()
    {
        var reply = await AskAsync("AUTH LOGIN");
        if (reply.Code == 334)
            reply = await AskAsync(Encode(user));
        return reply.Code == 334 ? await AskAsync(Encode(password)) : reply;
    }

    private async Task<SmtpReply> XOAuth2Async()
    {
        var reply = await AskAsync("AUTH XOAUTH2 " + Encode($"user={user}\u0001auth=Bearer {password}\u0001\u0001"));
        // A 334 carries the reason as JSON; only after our empty line comes the verdict.
        return reply.Code == 334 ? await AskAsync("") : reply;
    }

    private async Task<SmtpReply> ScramAsync()
    {
        var scram = new ScramSha256(user, password);
        var first = await AskAsync("AUTH SCRAM-SHA-256 " + Encode(scram.ClientFirst));
        if (first.Code != 334)
            return first;
        var final = await AskAsync(Encode(scram.ClientFinal(Decode(first.Text))));
        if (final.Code is not (334 or 235))
            return final;
        if (!scram.IsServerGenuine(Decode(final.Text)))
            throw new FormatException("the server does not know the password itself");
        return final.Code == 334 ? await AskAsync("") : final;
    }

    private RelayException Refused(SmtpReply reply) => reply.IsTransient
        ? new(RelayFailure.Busy, $"{relay.Peer} cannot check the password now: {reply}", Stage, reply)
        : new(SmtpVerdict.AsksForTls(reply) ? RelayFailure.TlsRequired : RelayFailure.Authentication,
            $"{relay.Peer} refuses the name or the password: {reply}", Stage, reply);

    private ValueTask<SmtpReply> AskAsync(string line) => wire.AskAsync(line, Stage, relay.Timeouts.Command);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
