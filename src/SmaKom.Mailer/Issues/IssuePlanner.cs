namespace SmaKom.Mailer.Issues;

/// <summary>Freezes content and audience of every issue whose time has come.</summary>
public sealed class IssuePlanner
{
    public Task PlanDueAsync(CancellationToken ct) => Task.CompletedTask;
}
