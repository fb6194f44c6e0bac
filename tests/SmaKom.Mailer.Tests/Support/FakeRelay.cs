using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// A scripted SMTP server on a free port of 127.0.0.1. It misbehaves by recipient:
/// <c>permfail…@</c> 550 at RCPT, <c>tempfail…@</c> 450 at RCPT, <c>greylist…@</c> 451 the first time,
/// <c>tempfail-data…@</c> 451 and <c>permfail-data…@</c> 554 at the end of data, <c>hangup-before-data…@</c> closes at
/// DATA or BDAT, <c>hangup-after-data…@</c> keeps the message and closes without a reply, <c>closing…@</c> 421 at RCPT,
/// <c>slow…@</c> answers the end of data late; and as <see cref="FakeRelayOptions"/> say. It shares no code with the client.
/// </summary>
public sealed class FakeRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    // Never disposed: it holds no timer, and sessions may still ask it.
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<FakeRelayMessage> messages = [];
    private readonly List<string> commands = [];
    private readonly List<Task> sessions = [];
    private readonly HashSet<string> greylisted = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<FakeRelayFault, int> seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> waiters = [];
    private readonly Task accepting;
    private FakeRelayOptions options;
    private int connections;
    private int open;
    private int peak;
    private int turns;
    private int hanging;

    public FakeRelay(FakeRelayOptions? options = null)
    {
        this.options = options ?? new();
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public string Host => "127.0.0.1";

    public int Port { get; }

    /// <summary>May be changed while running; a session in progress heeds the new faults at its next command.</summary>
    public FakeRelayOptions Options
    {
        get { lock (gate) return options; }
        set => Change(() => options = value);
    }

    /// <summary>Everything accepted so far, in order.</summary>
    public IReadOnlyList<FakeRelayMessage> Messages { get { lock (gate) return [.. messages]; } }

    /// <summary>Every command line of every connection, in order of arrival; bodies left out.</summary>
    public IReadOnlyList<string> Commands { get { lock (gate) return [.. commands]; } }

    /// <summary>Connections ever made.</summary>
    public int Connections { get { lock (gate) return connections; } }

    /// <summary>Most connections that were open at once; one ends at its QUIT.</summary>
    public int Peak { get { lock (gate) return peak; } }

    /// <summary>Connections that are open now.</summary>
    public int Open { get { lock (gate) return open; } }

    /// <summary>From now on <see cref="Peak"/> counts anew.</summary>
    public void ForgetPeak()
    {
        lock (gate) peak = open;
    }

    /// <summary>How often replies went out because nothing was left to read: the round trips that a client waited for.</summary>
    public int Turns { get { lock (gate) return turns; } }

    /// <summary>Completes when so many messages have been accepted.</summary>
    /// <exception cref="TimeoutException">They did not come within <paramref name="atMost"/> (10 min of real time).</exception>
    public Task WaitFor(int count, TimeSpan? atMost = null) =>
        Until(() => messages.Count >= count, () => $"{count} messages expected, {messages.Count} came", atMost);

    /// <summary>Completes when a session hangs by a <see cref="FakeRelayAct.Hang"/>: the moment to move a test's clock.</summary>
    public Task WaitForHang(int count = 1, TimeSpan? atMost = null) =>
        Until(() => hanging >= count, () => $"{count} hung sessions expected, {hanging} hang", atMost);

    /// <summary>Completes when no connection is open.</summary>
    public Task WaitForQuiet(TimeSpan? atMost = null) =>
        Until(() => open == 0, () => $"{open} connections are still open", atMost);

    /// <summary>Closes the port and all connections; may be called early, as a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        Task[] ending;
        lock (gate)
            ending = [.. sessions];
        await Task.WhenAll(ending);
    }

    internal CancellationToken Stopping => stopping.Token;

    /// <summary>Completes when <see cref="FakeRelayOptions.MostMessages"/> lets another message in.</summary>
    internal Task WaitForRoom() =>
        Until(() => !(messages.Count >= options.MostMessages), () => $"no more than {options.MostMessages} messages were let in", null)
            .WaitAsync(Stopping);

    internal void NoteCommand(string line) => Change(() => commands.Add(line));

    internal void NoteTurn() => Change(() => turns++);

    internal void NoteEnd()
    {
        if (Options.CountedAfterwards == TimeSpan.Zero) Change(() => open--);
        else _ = Task.Delay(Options.CountedAfterwards).ContinueWith(_ => Change(() => open--), TaskScheduler.Default);
    }

    internal void NoteHang() => Change(() => hanging++);

    internal void Accept(FakeRelayMessage message) => Change(() => messages.Add(message));

    /// <summary>True the first time it is asked about an address.</summary>
    internal bool IsGreylisted(string recipient)
    {
        lock (gate)
            return greylisted.Add(recipient);
    }

    /// <summary>The fault that strikes at this command, if any; counts the command.</summary>
    internal FakeRelayFault? FaultAt(string command)
    {
        lock (gate)
        {
            FakeRelayFault? strikes = null;
            foreach (var fault in options.Faults)
            {
                if (!string.Equals(fault.At, command, StringComparison.OrdinalIgnoreCase))
                    continue;
                var before = seen.GetValueOrDefault(fault);
                seen[fault] = before + 1;
                if (before >= fault.Skip && before - fault.Skip < fault.Times)
                    strikes ??= fault;
            }
            return strikes;
        }
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptSocketAsync(stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            lock (gate)
            {
                connections++;
                open++;
                peak = Math.Max(peak, open);
                sessions.Add(ServeAsync(socket, connections, options.MaxConnections is { } most && open > most));
            }
        }
    }

    private async Task ServeAsync(Socket socket, int number, bool oneTooMany)
    {
        await Task.Yield();
        var session = new FakeRelaySession(this, socket, number);
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                await session.RunAsync(oneTooMany);
            }
            catch (Exception e) when (
                e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, or the test is over.
            }
            // Before the client can know that the connection has ended: it may open another at once.
            session.End();
        }
    }

    private void Change(Action change)
    {
        List<TaskCompletionSource> ready;
        lock (gate)
        {
            change();
            ready = [.. waiters.Where(w => w.Condition()).Select(w => w.Done)];
        }
        ready.ForEach(done => done.TrySetResult());
    }

    private async Task Until(Func<bool> condition, Func<string> complaint, TimeSpan? atMost)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (condition())
                return;
            waiters.Add((condition, done));
        }
        try
        {
            await done.Task.WaitAsync(atMost ?? TimeSpan.FromMinutes(10));
        }
        catch (TimeoutException)
        {
            lock (gate)
                throw new TimeoutException(complaint());
        }
        finally
        {
            lock (gate)
                waiters.RemoveAll(w => w.Done == done);
        }
    }
}
