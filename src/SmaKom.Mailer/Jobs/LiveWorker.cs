using Npgsql;
using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Jobs;

/// <summary>When a worker counts as alive: it has not said goodbye, and not left out four signs of life, by the database's clock.</summary>
public static class LiveWorker
{
    /// <summary>SQL over rows of <c>worker</c>; wants the parameter of <see cref="Parameter"/>.</summary>
    public const string Condition = "(stopped_at IS NULL AND heartbeat_at > now() - @silence)";

    private const int MissedHeartbeats = 4;

    /// <summary>A worker that has been silent for longer is gone.</summary>
    public static TimeSpan LongestSilence(ScheduleOptions schedule) => schedule.CheckInInterval * MissedHeartbeats;

    public static NpgsqlParameter Parameter(ScheduleOptions schedule) => new("silence", LongestSilence(schedule));
}
