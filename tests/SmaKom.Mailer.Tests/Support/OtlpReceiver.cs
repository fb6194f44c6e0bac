using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// An OpenTelemetry receiver (OTLP over HTTP, protobuf) on a free port, which reads the exports by the field numbers of
/// opentelemetry-proto 1.x: names of metrics and spans. It shares no code with the exporter.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<byte[]> exports = new();
    private readonly Task serving;

    private OtlpReceiver(int port)
    {
        Url = $"http://127.0.0.1:{port}";
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Names of all metrics and spans so far.</summary>
    public ConcurrentDictionary<string, int> Names { get; } = new();

    /// <summary>Every byte that came, read as text: strings stand in protobuf as they are.</summary>
    public string Text => string.Join('\n', exports.Select(Encoding.UTF8.GetString));

    public static Task<OtlpReceiver> StartAsync() => Task.FromResult(new OtlpReceiver(TestPostgres.FreePort()));

    /// <summary>Completes when all these names have come.</summary>
    public async Task UntilAsync(params string[] names)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!names.All(Names.ContainsKey)) await look.WaitForNextTickAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Only these came: {string.Join(", ", Names.Keys.Order())}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                exports.Enqueue(body.ToArray());
                // Metrics: resource_metrics 1 › scope_metrics 2 › metrics 2 › name 1. Traces: resource_spans 1 › scope_spans 2 › spans 2 › name 5.
                int[] path = context.Request.Url!.AbsolutePath == "/v1/metrics" ? [1, 2, 2, 1] : [1, 2, 2, 5];
                foreach (var name in Read(body.ToArray(), path)) Names.AddOrUpdate(name, 1, (_, before) => before + 1);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static IEnumerable<string> Read(ReadOnlyMemory<byte> message, ReadOnlyMemory<int> path)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var length = (key & 7) switch
            {
                0 => Skip(message.Span, ref at),
                1 => 8,
                2 => (int)Varint(message.Span, ref at),
                5 => 4,
                _ => throw new InvalidDataException("Not protobuf.")
            };
            var value = message.Slice(at, length);
            at += length;
            if ((key & 7) != 2 || (int)(key >> 3) != path.Span[0]) continue;
            if (path.Length == 1) yield return Encoding.UTF8.GetString(value.Span);
            else
                foreach (var name in Read(value, path[1..])) yield return name;
        }
    }

    private static int Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        Varint(bytes, ref at);
        return 0;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
