namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>From the greeting to the end of AUTH.</summary>
internal sealed class SmtpOpening(SmtpWire wire, RelayEndpoint relay, TimeProvider time, Action<ConnectionTestStage, string>? onStep)
{
    private SmtpOffers offers = SmtpOffers.None;

    public async Task<SmtpOffers> RunAsync()
    {
        onStep?.Invoke(ConnectionTestStage.Connect, $"connected to {relay.Peer}");
        if (relay.Tls == TlsMode.Implicit)
            await EncryptAsync();
        await GreetAsync();
        await HelloAsync();
        if (WantsStartTls())
            await StartTlsAsync();
        onStep?.Invoke(ConnectionTestStage.Hello, string.Join(", ", offers.Lines));
        if (relay.Username is not null)
            await AuthenticateAsync();
        return offers;
    }

    private async Task GreetAsync()
    {
        const string stage = "greeting";
        var greeting = await wire.ReadReplyAsync(stage, relay.Timeouts.Greeting);
        if (greeting.Code != 220)
            throw OpeningRefusals.Of(relay, stage, greeting);
    }

    private async Task HelloAsync()
    {
        const string stage = "EHLO";
        var reply = await wire.AskAsync("EHLO " + relay.CheckedHeloName, stage, relay.Timeouts.Command);
        // RFC 5321 §3.2: a server that does not know EHLO gets HELO, and offers nothing.
        if (reply.Code is 500 or 502)
        {
            offers = SmtpOffers.None;
            reply = await wire.AskAsync("HELO " + relay.CheckedHeloName, "HELO", relay.Timeouts.Command);
        }
        else if (reply.Code == 250)
            offers = SmtpOffers.Parse(reply);
        if (reply.Code != 250)
            throw OpeningRefusals.Of(relay, stage, reply);
    }

    private bool WantsStartTls()
    {
        if (relay.Tls == TlsMode.StartTls && !offers.StartTls)
            throw OpeningRefusals.NoStartTls(relay);
        return relay.Tls is TlsMode.StartTls or TlsMode.StartTlsWhenOffered && offers.StartTls;
    }

    private async Task StartTlsAsync()
    {
        const string stage = "STARTTLS";
        var reply = await wire.AskAsync("STARTTLS", stage, relay.Timeouts.Command);
        if (reply.Code != 220)
            throw new RelayException(RelayFailure.Tls, $"{relay.Peer} offers STARTTLS and refuses it: {reply}", stage, reply);
        await EncryptAsync();
        // RFC 3207 §4.2: what was said in plaintext is forgotten.
        await HelloAsync();
    }

    private async Task EncryptAsync()
    {
        var certificate = new RelayCertificate(relay, time);
        await wire.EncryptAsync(certificate.Options(), () => certificate.Complaint, relay.Timeouts.Tls);
        onStep?.Invoke(ConnectionTestStage.Tls, certificate.Facts(wire.Tls!.SslProtocol, wire.Tls.NegotiatedCipherSuite));
    }

    private async Task AuthenticateAsync()
    {
        var mechanism = await new SmtpAuthentication(wire, relay, wire.Tls is not null || (relay.AllowPlaintextAuth && wire.IsLoopback))
            .RunAsync(offers);
        onStep?.Invoke(ConnectionTestStage.Authentication, $"{mechanism} accepted");
    }
}
