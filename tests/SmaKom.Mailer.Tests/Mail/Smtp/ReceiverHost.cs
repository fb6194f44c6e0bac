using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Receiver;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>Our receiver on a free port of 127.0.0.1; keeps what it takes.</summary>
internal sealed class ReceiverHost : IMessageSink, IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly SmtpReceiver receiver;
    private readonly Task serving;

    public ReceiverHost(SmtpReceiverOptions? options = null, Func<Envelope, SmtpReply?>? policy = null, TimeProvider? time = null)
    {
        receiver = new SmtpReceiver(this, options ?? new(), policy, time);
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<ReceivedMessage> Messages { get; } = new();

    /// <summary>What the sink answers.</summary>
    public Func<SmtpReply> Answer { get; set; } = () => new(250, new(2, 0, 0), "kept");

    public ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken ct)
    {
        var reply = Answer();
        if (reply.IsPositive)
            Messages.Enqueue(message);
        return new(reply);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        // Before the listener stops: one that is asked to accept once more must not find it stopped.
        await serving;
        listener.Stop();
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeAsync(await listener.AcceptSocketAsync(stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await receiver.RunAsync(new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream)), socket.RemoteEndPoint, stopping.Token);
        await LingerAsync(socket);
    }

    // Closing with unread input sends RST, which would destroy replies that are still under way.
    private async Task LingerAsync(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(new byte[4096], stopping.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The sender is gone, or the test is over.
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
