using SmaKom.Mailer.Deliveries.Limits;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>A claimed slice and how many of its deliveries are still to be handled.</summary>
internal sealed class HeldSlice(ClaimedSlice slice)
{
    private readonly TaskCompletionSource givenBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int open;
    private volatile bool isStopped;

    public ClaimedSlice Slice => slice;
    public bool IsStopped => isStopped;
    public Task GivenBack => givenBack.Task;

    public void Begin(int count) => open = count;

    /// <summary>The earliest wins: then some of the slice can go on.</summary>
    public void RestFor(PermitWait wait)
    {
        lock (givenBack)
            if (Permits is null || wait.Limits < Permits.Limits || wait.Limits == Permits.Limits && wait.Until < Permits.Until) Permits = wait;
    }

    public PermitWait? Permits { get; private set; }
    public void Stop() => isStopped = true;
    public bool Finish() => Interlocked.Decrement(ref open) == 0;
    public void HasBeenGivenBack() => givenBack.TrySetResult();
}
