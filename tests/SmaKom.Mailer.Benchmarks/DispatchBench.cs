using System.Diagnostics;
using System.Security.Cryptography;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>One line of the table: ours beside the others, in one run.</summary>
/// <param name="Ours">Letters per second, as those of the others.</param>
/// <param name="WorkerCpuMs">The worker's CPU, in milliseconds per letter.</param>
/// <param name="PostgresCpuMs">PostgreSQL's CPU, in milliseconds per letter.</param>
/// <param name="WalBytes">Write-ahead log per letter.</param>
/// <param name="WorkerMegabytes">The worker's resident memory at the end.</param>
/// <param name="HotShare">Share of row versions that touched no index, 0 to 1.</param>
/// <param name="LettersPerCommit">How many letters share one commit, on average.</param>
internal sealed record Line(double Ours, double SmtpSource, double Nodemailer, double WorkerCpuMs, double PostgresCpuMs, double WalBytes,
    double WorkerMegabytes, double HotShare, double LettersPerCommit);

/// <summary>The same pipeline at two audiences: what a letter costs must not grow with them.</summary>
internal sealed record Growth(int Few, double FewCpuMs, int Many, double ManyCpuMs, double ManyPerSecond, double WorkerMegabytes);

/// <summary>The whole pipeline beside smtp-source and nodemailer, the same letters into the same kind of sink.</summary>
internal static class DispatchBench
{
    public static readonly TimeSpan FarAway = TimeSpan.FromMilliseconds(30);
    private const int WarmUp = 8000;

    public static async Task<Report> RunAsync(bool quick, int recipients, int many, IReadOnlyCollection<string> lines, CancellationToken ct)
    {
        var report = new Report { RsaMs = RsaMilliseconds(), Cores = Environment.ProcessorCount };
        if (Wanted("unsigned")) (report.Unsigned, report.UnsignedMailKit) = await LinesAsync(16, sign: false, recipients);
        if (Wanted("signed")) (report.Signed, report.SignedMailKit) = await LinesAsync(16, sign: true, recipients);
        if (Wanted("one")) (report.OneConnection, report.OneConnectionMailKit) = await LinesAsync(1, sign: false, recipients / 2);
        if (!quick && Wanted("far")) (report.FarAway, report.FarAwayMailKit) = await FarAsync(messages: 600);
        if (!quick && Wanted("many")) report.Growth = await GrowthAsync(few: 10_000, many);
        return report;

        bool Wanted(string line)
        {
            ct.ThrowIfCancellationRequested();
            return lines.Count == 0 || lines.Contains(line);
        }

        async Task<(Line Pipelined, Line MailKit)> LinesAsync(int connections, bool sign, int count)
        {
            var ours = await PipelineRun.RunAsync(count, connections, SmtpClientKind.Pipelined, sign, WarmUp);
            var mailKit = await PipelineRun.RunAsync(count, connections, SmtpClientKind.MailKit, sign, WarmUp);
            report.LetterBytes = ours.LetterBytes;
            using var sink = await SmtpSink.StartAsync();
            var source = await SmtpSink.SourceAsync(sink.Port, count, connections, ours.LetterBytes);
            var nodemailer = await Nodemailer.RunAsync(sink.Port, Math.Min(count, sign ? 2000 : 4000), connections, ours.LetterBytes, sign);
            return (LineOf(ours, source, nodemailer), LineOf(mailKit, source, nodemailer));
        }
    }

    /// <summary>Each client over one connection to a server 30 ms away, beside clients that wait for the reply to each command.</summary>
    private static async Task<(Line Pipelined, Line MailKit)> FarAsync(int messages)
    {
        var ours = await PipelineRun.RunAsync(messages, 1, SmtpClientKind.Pipelined, sign: false, warmUp: messages / 3, FarAway);
        var mailKit = await PipelineRun.RunAsync(messages, 1, SmtpClientKind.MailKit, sign: false, warmUp: messages / 3, FarAway);
        using var sink = await SmtpSink.StartAsync();
        using var far = new DelayProxy(sink.Port, FarAway);
        var source = await SmtpSink.SourceAsync(far.Port, messages / 4, 1, ours.LetterBytes);
        var nodemailer = await Nodemailer.RunAsync(far.Port, messages / 4, 1, ours.LetterBytes, sign: false);
        return (LineOf(ours, source, nodemailer), LineOf(mailKit, source, nodemailer));
    }

    private static async Task<Growth> GrowthAsync(int few, int many)
    {
        var small = await PipelineRun.RunAsync(few, 16, SmtpClientKind.Pipelined, sign: false, WarmUp);
        var large = await PipelineRun.RunAsync(many, 16, SmtpClientKind.Pipelined, sign: false, WarmUp);
        return new(few, small.WorkerCpuMs + small.PostgresCpuMs, many, large.WorkerCpuMs + large.PostgresCpuMs, large.Rate, large.WorkerMegabytes);
    }

    private static Line LineOf(PipelineResult ours, double source, double nodemailer) =>
        new(ours.Rate, source, nodemailer, ours.WorkerCpuMs, ours.PostgresCpuMs, ours.WalBytes, ours.WorkerMegabytes, ours.HotShare,
            ours.LettersPerCommit);

    /// <summary>The RSA-2048 operation alone, on one core.</summary>
    private static double RsaMilliseconds()
    {
        using var rsa = RSA.Create(2048);
        var hash = SHA256.HashData("a letter"u8);
        for (var i = 0; i < 200; i++) rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var began = Stopwatch.GetTimestamp();
        const int times = 2000;
        for (var i = 0; i < times; i++) rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / times;
    }
}
