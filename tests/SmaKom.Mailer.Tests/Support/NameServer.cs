using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// An authoritative name server (RFC 1035) over UDP and TCP on one free port. It answers for what its zone holds: a name with other types is
/// empty, any other name is none. Names may be told to fail.
/// </summary>
public sealed class NameServer : IDisposable
{
    private const int Txt = 16, Mx = 15, A = 1, Aaaa = 28, NoName = 3, Failure = 2;

    private readonly CancellationTokenSource stop = new();
    private readonly UdpClient udp;
    private readonly TcpListener tcp;
    private readonly Dictionary<(string Name, int Type), List<byte[]>> zone = [];
    private readonly HashSet<string> failing = [], silent = [], truncated = [];

    public NameServer()
    {
        tcp = new(IPAddress.Loopback, 0);
        tcp.Start();
        Address = (IPEndPoint)tcp.LocalEndpoint;
        udp = new(Address);
        _ = AnswerDatagramsAsync();
        _ = AnswerConnectionsAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Names that were asked for, in the order that they came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = new();

    /// <param name="lines">As <c>gransele.example TXT v=spf1 -all</c>, <c>… MX 10 mx.gransele.example</c>, <c>… A 192.0.2.1</c>, and
    /// <c>… FAILS</c> (SERVFAIL), <c>… SILENT</c> (no answer), <c>… TRUNCATED</c> (whole over TCP only).</param>
    public NameServer With(params string[] lines)
    {
        foreach (var line in lines)
        {
            var words = line.Split(' ', 3);
            var (name, value) = (words[0], words.Length > 2 ? words[2] : "");
            switch (words[1])
            {
                case "TXT": Add(name, Txt, Strings(value)); break;
                case "MX": Add(name, Mx, [0, byte.Parse(value.Split(' ')[0]), .. Name(value.Split(' ')[1])]); break;
                case "A": Add(name, A, IPAddress.Parse(value).GetAddressBytes()); break;
                case "AAAA": Add(name, Aaaa, IPAddress.Parse(value).GetAddressBytes()); break;
                case "FAILS": failing.Add(name); break;
                case "SILENT": silent.Add(name); break;
                case "TRUNCATED": truncated.Add(name); break;
                default: throw new ArgumentException(line);
            }
        }

        return this;
    }

    public void Dispose()
    {
        stop.Cancel();
        tcp.Dispose();
        udp.Dispose();
        stop.Dispose();
    }

    private void Add(string name, int type, byte[] data)
    {
        if (!zone.TryGetValue((name, type), out var records)) zone[(name, type)] = records = [];
        records.Add(data);
    }

    private async Task AnswerDatagramsAsync()
    {
        try
        {
            while (true)
            {
                var question = await udp.ReceiveAsync(stop.Token);
                if (Answer(question.Buffer, overUdp: true) is { } answer) await udp.SendAsync(answer, question.RemoteEndPoint, stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task AnswerConnectionsAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await tcp.AcceptTcpClientAsync(stop.Token);
                var stream = connection.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, stop.Token);
                var answer = Answer(question, overUdp: false)!;
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer], stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
        }
    }

    // Header, the question as it came, answers whose name points to the question's (RFC 1035 §4.1.4).
    private byte[]? Answer(byte[] query, bool overUdp)
    {
        var at = 12;
        var labels = new List<string>();
        for (; query[at] != 0; at += query[at] + 1) labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
        var name = string.Join('.', labels).ToLowerInvariant();
        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1));
        Asked.Enqueue(name);
        if (silent.Contains(name)) return null;
        var cut = overUdp && truncated.Contains(name);
        var records = cut || failing.Contains(name) ? [] : zone.GetValueOrDefault((name, type), []);
        var code = failing.Contains(name) ? Failure : cut || zone.Keys.Any(key => key.Name == name) ? 0 : NoName;
        return
        [
            .. query.AsSpan(0, 2), (byte)(0x84 | (cut ? 2 : 0)), (byte)code, 0, 1, 0, (byte)records.Count, 0, 0, 0, 0,
            .. query.AsSpan(12, at + 5 - 12),
            .. records.SelectMany(data => (byte[])[0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data]),
        ];
    }

    // In strings of 255 octets at most.
    private static byte[] Strings(string text) =>
        [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(piece => (byte[])[(byte)piece.Length, .. piece])];

    private static byte[] Name(string name) =>
        [.. name.Trim('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
