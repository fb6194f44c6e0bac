using System.Reflection;

namespace SmaKom.Mailer.Settings;

/// <summary>This process, as others know it: in claims, in runs of jobs, in the list of workers.</summary>
public sealed class WorkerIdentity(TimeProvider time)
{
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Machine and process, as <c>mailer-1/4711</c>.</summary>
    public string Name { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string Version { get; } =
        typeof(WorkerIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
