using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays.Connections;

namespace SmaKom.Mailer.Deliveries;

/// <summary>
/// The way of every mail to its relay, an issue's letter and a single mail alike: a permit, the connection, the sending, and then what the
/// answer says of our speed.
/// </summary>
public sealed partial class Handover(Permits permits, ILogger<Handover> logger)
{
    /// <param name="domain">The recipient's.</param>
    /// <param name="send">Sends over the session's connection and keeps the outcome; null when nothing was to be sent after all.</param>
    /// <returns>Null: it is done. Else nothing was accepted, and it is tried again, not before this time (the database's clock).</returns>
    /// <exception cref="RelayException">The relay failed, or the connection did.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<DateTimeOffset?> SendAsync(RelaySession session, string domain, Func<Task<SendResult?>> send, CancellationToken ct)
    {
        try
        {
            using var permit = await TakePermitAsync(session, domain, ct);
            if (permit.Until is { } later) return later;
            var result = await send();
            if (result?.Status == SendStatus.InDoubt) permit.StayCounted();
            // What it refuses of every letter, a relay says when it greets (SIZE above all), and that may have changed since.
            if (result is { Status: SendStatus.Refused, Stage: "MAIL FROM" }) await session.CloseAsync();
            await session.Slot.MarkWorkingAsync(ct);
            if (result is not null) await FollowSpeedAsync(session.Slot.Relay.Id, domain, result, ct);
            return null;
        }
        catch (RelayException failure) when (ReceiverBackoff.IsAskedBy(failure))
        {
            // The relay is well; who gets the letters wants fewer.
            await session.CloseAsync();
            var (relay, reply) = (session.Slot.Relay.Id, failure.Reply!);
            Log.TooFast(logger, relay, reply.Code, reply.Enhanced?.ToString());
            return await permits.SlowDownAsync(relay, permits.GroupOf(domain), reply, ct);
        }
    }

    private async ValueTask<Permit> TakePermitAsync(RelaySession session, string domain, CancellationToken ct)
    {
        if (permits.AllAreFree) return Permit.Free;
        var (relay, group) = (session.Slot.Relay.Id, permits.GroupOf(domain));
        if (permits.ShutUntil(relay, group) is { } shut) return Permit.NotBefore(shut);
        // Connected first: while a permit waits for a handshake, nobody else may use it.
        if (!permits.IsFree(relay, group)) await session.OpenAsync(ct);
        return await permits.TakeAsync(relay, group);
    }

    private async Task FollowSpeedAsync(short relay, string domain, SendResult result, CancellationToken ct)
    {
        if (result.Status == SendStatus.Accepted && !permits.AllAreFree) await permits.NoteAcceptedAsync(relay, permits.GroupOf(domain), ct);
        if (result is { Status: SendStatus.Deferred, Reply: { } reply } && ReceiverBackoff.IsAskedBy(reply))
            await permits.SlowDownAsync(relay, permits.GroupOf(domain), reply, ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Over relay {Relay} a group of destinations asks us to slow down ({Code} {Enhanced}); it rests")]
        public static partial void TooFast(ILogger logger, short relay, int code, string? enhanced);
    }
}
