using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmaKom.Mailer.Tests.Mail.Imap;

/// <summary>An IMAP server that says what no real one says on demand. It answers each command by a function of its name.</summary>
internal sealed class ImapScript : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string greeting;
    private readonly Func<string, string?> answer;

    /// <param name="greeting">Empty: silence.</param>
    /// <param name="answer">From a command's name to lines, where <c>TAG</c> stands for its tag; null: done, OK.</param>
    public ImapScript(string greeting, Func<string, string?> answer)
    {
        (this.greeting, this.answer) = (greeting, answer);
        listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            await SayAsync(client, greeting);
            while (await reader.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ');
                var name = words.Length < 2 ? "" : words[1] == "UID" ? words[2] : words[1];
                await SayAsync(client, (answer(name) ?? "TAG OK done\r\n").Replace("TAG", words[0], StringComparison.Ordinal));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task SayAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
}
