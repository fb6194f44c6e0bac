using System.Text;
using MailKit.Net.Pop3;
using MailKit.Security;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.MailKit;

namespace SmaKom.Mailer.Mail.Pop3;

/// <param name="Number">In this session only.</param>
/// <param name="Uid">The server's own name for the letter, as long as it has it (UIDL, RFC 1939 §7).</param>
/// <param name="Size">Octets, as the server counts them.</param>
public sealed record Pop3Letter(int Number, string Uid, long Size);

/// <summary>
/// An open mailbox; not thread-safe. What is deleted goes when the session is disposed, and stays when it is lost before. Everything throws
/// <see cref="RelayException"/> when the server fails, and <see cref="OperationCanceledException"/> when cancelled, which costs the connection.
/// </summary>
public sealed class Pop3Session : IAsyncDisposable
{
    private readonly MailboxEndpoint mailbox;
    private readonly Pop3Reader client;
    private readonly RelayWire wire;
    private readonly Pop3Meter meter;

    internal Pop3Session(MailboxEndpoint mailbox, Pop3Reader client, RelayWire wire, Pop3Meter meter) =>
        (this.mailbox, this.client, this.wire, this.meter) = (mailbox, client, wire, meter);

    /// <summary>All letters that are there, oldest first.</summary>
    public Task<IReadOnlyList<Pop3Letter>> ListAsync(CancellationToken ct) => AskAsync<IReadOnlyList<Pop3Letter>>(async () =>
    {
        if (client.Count == 0) return [];
        if (!client.Capabilities.HasFlag(Pop3Capabilities.UIDL))
            throw new RelayException(RelayFailure.Protocol,
                $"{mailbox.Server.Peer} has no names for its letters (UIDL): a letter could not be told from one that was read before", "UIDL");
        var (uids, sizes) = (await client.GetMessageUidsAsync(), await client.GetMessageSizesAsync());
        return [.. uids.Zip(sizes).Select((letter, number) => new Pop3Letter(number, letter.First, letter.Second))];
    }, ct);

    /// <summary>The letter's bytes, or the first <paramref name="most"/> of them. One that is much longer is given by its header alone.</summary>
    public Task<FetchedLetter> FetchAsync(Pop3Letter letter, int most, CancellationToken ct) => AskAsync(async () =>
    {
        const int muchLonger = 10; // times; POP3 has no way to ask for a part, only for lines
        // Stuffed dots and the lines that end it are no part of its size.
        meter.Expected = (2 * letter.Size) + 4096;
        await using var bytes = await client.GetStreamAsync(letter.Number, headersOnly: letter.Size / muchLonger > most);
        var read = new byte[Math.Min(bytes.Length, most)];
        await bytes.ReadExactlyAsync(read);
        return new FetchedLetter(read, bytes.Length <= most && letter.Size / muchLonger <= most);
    }, ct);

    public Task DeleteAsync(Pop3Letter letter, CancellationToken ct) => AskAsync(async () =>
    {
        await client.DeleteMessageAsync(letter.Number);
        return true;
    }, ct);

    public async ValueTask DisposeAsync()
    {
        // MailKit swallows what goes wrong after QUIT; a wire that is lost already is not asked.
        if (client.IsConnected)
            await client.DisconnectAsync(quit: true);
        Abort();
    }

    /// <summary>Closes at once, without a word to the server: nothing is deleted.</summary>
    internal void Abort()
    {
        wire.Abort();
        client.Dispose();
    }

    internal Task OpenAsync(CancellationToken ct) => AskAsync(async () =>
    {
        await client.ConnectAsync(wire, mailbox.Host, mailbox.Port, MailKitTerms.Of(mailbox.Tls));
        await LogInAsync();
        return true;
    }, ct);

    private Task LogInAsync()
    {
        var mayShowPassword = client.IsSecure || (mailbox.AllowPlaintextAuth && wire.IsLoopback);
        // Servers of old know USER and PASS alone.
        if (client.AuthenticationMechanisms.Count == 0 && client.Capabilities.HasFlag(Pop3Capabilities.User) && mayShowPassword)
            return client.AuthenticateAsync(Encoding.UTF8, mailbox.Username, mailbox.Password);
        return client.AuthenticateAsync(MailKitTerms.Of(
            AuthMechanisms.Choose(mailbox.Server, [.. client.AuthenticationMechanisms], mayShowPassword), mailbox.Username, mailbox.Password));
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var cancellation = wire.AbortOn(ct);
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is not RelayException)
        {
            throw Failure(e);
        }
    }

    private Exception Failure(Exception e)
    {
        var (peer, stage) = (mailbox.Server.Peer, meter.Command);
        if (wire.IsCancelled)
            return new OperationCanceledException($"Cancelled at {stage}", e);
        if (wire.TimedOutAfter is { } span)
            return New(RelayFailure.Timeout, $"{peer} did not answer {stage} within {span.TotalSeconds:0.#} s");
        if (e is SslHandshakeException)
            return New(RelayFailure.Tls, $"No encrypted connection to {peer}: {client.Complaint ?? "the handshake failed"}");
        if (wire.IsLost)
            return New(RelayFailure.ConnectionLost, $"{peer} closed the connection at {stage}");
        var words = (e as Pop3CommandException ?? e.InnerException as Pop3CommandException)?.StatusText ?? "";
        return e switch
        {
            NotSupportedException when !client.IsAuthenticated => New(RelayFailure.Tls, $"{peer} does not offer STARTTLS, which is required"),
            // RFC 3206, RFC 2449 §8.1.1
            _ when words.Contains("[SYS/TEMP]", StringComparison.OrdinalIgnoreCase) || words.Contains("[IN-USE]", StringComparison.OrdinalIgnoreCase)
                || words.Contains("[LOGIN-DELAY]", StringComparison.OrdinalIgnoreCase) =>
                New(RelayFailure.Busy, $"{peer} cannot do {stage} now: {words}"),
            SaslException => New(RelayFailure.Protocol, $"{peer} broke off the authentication"),
            AuthenticationException => New(RelayFailure.Authentication, $"{peer} refuses the name or the password: {words}".TrimEnd(' ', ':')),
            Pop3CommandException => New(RelayFailure.Protocol, $"{peer} refuses {stage}: {words}".TrimEnd(' ', ':')),
            _ => New(RelayFailure.Protocol, $"{peer} does not answer {stage} as POP3 demands"),
        };

        // MailKit's own exception is not passed on: what it holds is not ours to vouch for, and it ends in a log.
        RelayException New(RelayFailure kind, string message) => new(kind, message, stage, null, e as IOException);
    }
}
