using System.Text;
using MailKit;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>
/// Listens to what MailKit and the relay say to each other, in plaintext also under TLS, and knows from it what is being
/// waited for and what was answered to which command. MailKit's own exceptions tell neither. Keeps no secret: of what we
/// say it looks at the first word of each line only.
/// </summary>
internal sealed class RelayDialogue(RelayEndpoint relay) : IProtocolLogger
{
    public const string End = "end of data";
    private const string Greeting = "greeting";
    private const string Tls = "TLS";
    private readonly Queue<string> awaited = new([Greeting]);
    private readonly List<Heard> replies = [];
    private byte[] unread = [];
    private bool isBody;

    /// <summary>The command that is being waited for, as <see cref="RelayException.Stage"/> names it.</summary>
    public string Stage { get; private set; } = relay.Tls == TlsMode.Implicit ? Tls : Greeting;

    /// <summary>How long to wait for it.</summary>
    public TimeSpan Patience => Stage switch
    {
        Greeting => relay.Timeouts.Greeting,
        Tls => relay.Timeouts.Tls,
        "MAIL FROM" => relay.Timeouts.Mail,
        "RCPT TO" => relay.Timeouts.Rcpt,
        "DATA" => isBody ? relay.Timeouts.DataBlock : relay.Timeouts.DataStart,
        "BDAT" => relay.Timeouts.DataBlock,
        End => relay.Timeouts.DataEnd,
        "QUIT" => relay.Timeouts.Quit,
        _ => relay.Timeouts.Command,
    };

    public SmtpOffers Offers { get; private set; } = SmtpOffers.None;

    /// <summary>What was answered to that command since <see cref="Forget"/>; null: nothing yet.</summary>
    public SmtpReply? ReplyTo(string stage) => replies.Find(heard => heard.Stage == stage)?.Reply;

    /// <summary>Everything that was answered since <see cref="Forget"/>, in order.</summary>
    public IReadOnlyList<Heard> Replies => replies;

    /// <summary>Grows with every reply that has come whole.</summary>
    public int Count { get; private set; }

    /// <summary>The last reply of all since <see cref="Forget"/>.</summary>
    public Heard? Last => replies.LastOrDefault();

    /// <summary>The relay closes (RFC 5321 §3.8).</summary>
    public Heard? Closing => replies.Find(heard => heard.Reply.Code == 421);

    /// <summary>A new letter begins: what was answered to the one before is of no more interest.</summary>
    public void Forget()
    {
        replies.Clear();
        awaited.Clear();
        isBody = false;
    }

    /// <summary>The letter itself is being written from here on.</summary>
    public void BeginBody(string stage) => (isBody, Stage) = (true, stage);

    /// <summary>From here on the relay may take the letter as its own.</summary>
    public void BeginEnd() => Await(End);

    /// <summary>Called when the relay has agreed to a handshake.</summary>
    public Action? OnHandshake { get; set; }

    /// <summary>Called as soon as the connection is encrypted.</summary>
    public Action? OnEncrypted { get; set; }

    public void LogConnect(Uri uri)
    {
        EndTls();
        Stage = Greeting;
    }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        EndTls();
        if (isBody)
            return;
        var text = Encoding.ASCII.GetString(buffer, offset, count);
        foreach (var line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            Await(line.Split(' ')[0].ToUpperInvariant() switch
            {
                "MAIL" => "MAIL FROM",
                "RCPT" => "RCPT TO",
                "EHLO" or "HELO" or "STARTTLS" or "DATA" or "RSET" or "NOOP" or "QUIT" or "AUTH" => line.Split(' ')[0].ToUpperInvariant(),
                // The rounds of an authentication.
                _ => "AUTH",
            });
        if (text.Trim().Length == 0)
            Await("AUTH");
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        var news = buffer.AsSpan(offset, count);
        unread = [.. unread, .. news];
        try
        {
            while (SmtpReplyParser.TryTake(unread, out var length, out var reply))
            {
                var old = Math.Max(0, unread.Length - news.Length);
                var part = news[^(unread.Length - old)..][..(length - old)];
                ReplyForMailKit.Write(part, old > 0 && unread[old - 1] != '\n', reply!, awaited.TryPeek(out var stage) ? stage : Stage);
                unread = unread[length..];
                Hear(reply!);
            }
        }
        catch (FormatException)
        {
            // MailKit will find the same, and say so.
            unread = [];
            if (awaited.TryPeek(out var asked) && asked == "RCPT TO") replies.Add(new(asked, SmtpVerdict.OfNonsense(asked).Reply!));
        }
    }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void Dispose()
    {
    }

    private void Await(string stage)
    {
        awaited.Enqueue(stage);
        Stage = awaited.Peek();
    }

    private void Hear(SmtpReply reply)
    {
        var stage = awaited.TryDequeue(out var first) ? first : Stage;
        replies.Add(new(stage, reply));
        Count++;
        if (stage == End)
            isBody = false;
        // MailKit answers any refusal of EHLO with HELO; only a server that does not know EHLO means that (RFC 5321 §3.2).
        if (stage == "EHLO" && reply.Code is not (250 or 500 or 502))
            throw OpeningRefusals.Of(relay, stage, reply);
        if (stage is "EHLO" or "HELO")
            Offers = stage == "EHLO" && reply.Code == 250 ? SmtpOffers.Parse(reply) : SmtpOffers.None;
        if (stage == "STARTTLS" && reply.Code == 220)
            BeginTls();
        else
            Stage = awaited.TryPeek(out var next) ? next : Stage;
    }

    // The first that is said behind a handshake is how we know that it is over.
    private void EndTls()
    {
        if (Stage == Tls)
            OnEncrypted?.Invoke();
    }

    private void BeginTls()
    {
        // RFC 3207 §6 and the attack on it: MailKit would drop what came in plaintext; somebody should hear of it.
        if (unread.Length > 0)
            throw new RelayException(RelayFailure.Tls, $"{relay.Peer} sent data between STARTTLS and the encryption: someone may be interfering",
                Tls);
        Stage = Tls;
        OnHandshake?.Invoke();
    }
}

/// <param name="Stage">The command that the reply answers.</param>
internal sealed record Heard(string Stage, SmtpReply Reply);
