namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>An open, greeted and authenticated connection, and what has been learned about it.</summary>
internal sealed class PipelinedSession(SmtpWire wire, SmtpOffers offers, bool pipelining, bool chunking)
{
    public SmtpWire Wire { get; } = wire;

    public SmtpOffers Offers { get; } = offers;

    public bool Pipelining { get; } = pipelining;

    public bool Chunking { get; } = chunking;

    /// <summary>A transaction is open that no longer leads anywhere: RSET goes before the next MAIL.</summary>
    public bool NeedsReset { get; set; }

    /// <summary>Nothing may be sent any more, not even QUIT.</summary>
    public bool MustClose { get; set; }

    /// <summary>Letters that the relay has answered on this connection, whatever it said.</summary>
    public int Answered { get; set; }

    /// <summary>The commands that already went out for the next letter; their replies have not been read.</summary>
    public EnvelopeCommands? Announced { get; set; }
}
