using System.Text.Json;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>
/// Pages that follow an issue as a browser does: the stream of numbers, and the page once more whenever its tables have changed. Half of what
/// they cost is drawn by the web process, which here is the benchmark itself.
/// </summary>
internal sealed class Watchers : IAsyncDisposable
{
    private readonly List<PageReader> readers = [];
    private readonly List<Task> following = [];
    private int events;
    private int pages;

    public static async Task<Watchers> OpenAsync(TestHost desk, int issue, int count)
    {
        var watchers = new Watchers();
        if (count > 0) await desk.AddSampleLoginAsync();
        for (var n = 0; n < count; n++)
        {
            var reader = new PageReader(desk.Url);
            watchers.readers.Add(reader);
            await reader.LogInAsync();
            await reader.GetAsync($"/admin/utskick/{issue}");
            watchers.following.Add(watchers.FollowAsync(reader, await reader.OpenAsync($"/admin/utskick/{issue}/lage"), $"/admin/utskick/{issue}"));
        }

        return watchers;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(following);
        readers.ForEach(reader => reader.Dispose());
        if (readers.Count > 0) Console.WriteLine($"{readers.Count} pages: {events} events, {pages} times drawn anew");
    }

    private async Task FollowAsync(PageReader reader, Stream stream, string page)
    {
        string? shown = null;
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            Interlocked.Increment(ref events);
            var stamp = JsonDocument.Parse(line[6..]).RootElement.GetProperty("stamp").GetString();
            var changed = shown is not null && stamp != shown;
            shown = stamp;
            if (!changed) continue;
            Interlocked.Increment(ref pages);
            await reader.GetAsync(page);
        }
    }
}
