using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>The same dispatch, alone and with progress pages open.</summary>
internal sealed record WatchResult(int Recipients, int Pages, double AloneRate, double WatchedRate, double AlonePostgresCpuMs,
    double WatchedPostgresCpuMs);

internal static class WatchRun
{
    private const int Rounds = 2;

    public static async Task<WatchResult> RunAsync(int recipients, int pages)
    {
        var (alone, watched) = (new List<PipelineResult>(), new List<PipelineResult>());
        // In turns: what else the machine does falls on both.
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await PipelineRun.RunAsync(recipients, 16, SmtpClientKind.Pipelined, sign: false, warmUp: 8000));
            watched.Add(await PipelineRun.RunAsync(recipients, 16, SmtpClientKind.Pipelined, sign: false, warmUp: 8000, watchers: pages));
        }

        var result = new WatchResult(recipients, pages,
            alone.Average(r => r.Rate), watched.Average(r => r.Rate), alone.Average(r => r.PostgresCpuMs), watched.Average(r => r.PostgresCpuMs));
        Console.WriteLine($"{recipients:n0} letters alone: {string.Join(" and ", alone.Select(r => $"{r.Rate:0}/s"))}, PostgreSQL {result.AlonePostgresCpuMs:0.0000} ms a letter");
        Console.WriteLine($"with {pages} pages open: {string.Join(" and ", watched.Select(r => $"{r.Rate:0}/s"))}, PostgreSQL {result.WatchedPostgresCpuMs:0.0000} ms a letter");
        Console.WriteLine($"{result.WatchedRate / result.AloneRate:0.00} of the speed, {result.WatchedPostgresCpuMs / result.AlonePostgresCpuMs:0.00} times PostgreSQL's CPU");
        return result;
    }
}
