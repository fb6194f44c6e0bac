namespace SmaKom.Mailer.Jobs;

/// <summary>A job and when it recurs.</summary>
/// <param name="Name">Name in the database, the dashboard and the log.</param>
/// <param name="Type">The <see cref="IJob"/>.</param>
/// <param name="Cron">Hangfire's cron, with seconds, in the site's zone; null: runs only when it is asked for.</param>
/// <param name="KeyPath">Page of what a run is for, with the key in the place of <c>{0}</c>; null: there is none.</param>
public sealed record JobEntry(string Name, Type Type, string? Cron, string? KeyPath = null);
