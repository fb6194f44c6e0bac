namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What one connection can carry at most, as far as the way to the relay decides.</summary>
/// <param name="RoundTrip">The shortest of some that were measured.</param>
/// <param name="Pipelining">Commands may go in groups (RFC 2920).</param>
/// <param name="Chunking">Letters go by BDAT (RFC 3030).</param>
public sealed record ConnectionSpeed(TimeSpan RoundTrip, bool Pipelining, bool Chunking)
{
    /// <summary>Below this, the work on both sides limits, and a count of round trips would promise what nobody can keep.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>The way limits how fast letters go.</summary>
    public bool IsLimit => RoundTrip >= Shortest;

    /// <summary>Letters a second, if nothing but the round trips took time: never more.</summary>
    public double LettersPerSecond(SmtpClientKind client) => 1 / (RoundTrip.TotalSeconds * RoundTripsPerLetter(client));

    /// <summary>
    /// Of a letter in the middle of many. One at a time: MAIL, RCPT, DATA and the letter, the last two in one with CHUNKING. With
    /// PIPELINING, MailKit sends MAIL and RCPT together; ours sends all of that with the end of the letter before.
    /// </summary>
    public int RoundTripsPerLetter(SmtpClientKind client)
    {
        var oneByOne = Chunking ? 3 : 4;
        return !Pipelining ? oneByOne : client == SmtpClientKind.Pipelined ? 1 : oneByOne - 1;
    }
}
