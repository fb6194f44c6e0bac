using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>A mailbox that is asked now and then whether there is anything in it.</summary>
public interface IMailSource
{
    /// <summary>As in <see cref="CollectedMail.Source"/>; names the mailbox for ever.</summary>
    string Name { get; }

    /// <summary>
    /// Hands over what is there, and lets the mailbox know only of what <paramref name="store"/> has kept: a crash in between hands it over again.
    /// </summary>
    /// <param name="store">Returns when the mail is kept.</param>
    /// <returns>How many were handed over.</returns>
    /// <exception cref="RelayException">The mail server cannot be used now, or as it is set. What was kept before it is kept.</exception>
    Task<int> CollectAsync(Func<CollectedMail, CancellationToken, Task> store, CancellationToken ct);
}
