using System.Net.Sockets;
using System.Text;

namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>The part of Dovecot's authentication protocol 1.1 that Postfix needs for AUTH PLAIN.</summary>
internal sealed class DovecotAuth : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stopping = new();
    private readonly string right;
    private readonly Task serving;

    public DovecotAuth(string path, string username, string password)
    {
        right = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{username}\0{password}"));
        listener.Bind(new UnixDomainSocketEndPoint(path));
        MailServer.Run("chmod", "666", path);
        listener.Listen();
        serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var sessions = new List<Task>();
        try
        {
            for (var number = 1; ; number++)
                sessions.Add(ServeAsync(await listener.AcceptAsync(stopping.Token), number));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream);
        try
        {
            await SayAsync($"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t{number}\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n");
            while (await reader.ReadLineAsync(stopping.Token) is { } line)
            {
                var words = line.Split('\t');
                if (words[0] == "AUTH")
                    await SayAsync($"{(words.Contains("resp=" + right) ? "OK" : "FAIL")}\t{words[1]}\tuser=someone\n");
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or Postfix has gone.
        }

        Task SayAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();
    }
}
