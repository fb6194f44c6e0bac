using System.Diagnostics;
using System.Security.Cryptography;
using Spectre.Console;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>One line of the table: ours beside the others, in one run.</summary>
internal sealed record Line(double Ours, double SmtpSource, double Nodemailer, double WorkerCpuMs, double PostgresCpuMs, double WalBytes, double WorkerMegabytes, double HotShare);

internal sealed record Report(Line Unsigned, Line Signed, Line OneConnection, double RsaMs, int LetterBytes, int Cores)
{
    public object ToJson() => this;

    public void Print()
    {
        var table = new Table().Title($"Letters per second, {LetterBytes / 1000.0:0} kB, {Cores} cores shared with the sink").AddColumns("", "ours", "smtp-source -d", "nodemailer", "ours / source", "ours / nodemailer", "worker ms", "PostgreSQL ms", "WAL bytes", "worker MB", "HOT");
        Row("unsigned, 16 connections", Unsigned);
        Row($"signed (RSA alone {RsaMs:0.000} ms)", Signed);
        Row("unsigned, 1 connection", OneConnection);
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
        AnsiConsole.Write(table);

        void Row(string name, Line l) => table.AddRow(name, $"{l.Ours:0}", $"{l.SmtpSource:0}", $"{l.Nodemailer:0}", $"{l.Ours / l.SmtpSource:0.00}", $"{l.Ours / l.Nodemailer:0.0}",
            $"{l.WorkerCpuMs:0.000}", $"{l.PostgresCpuMs:0.000}", $"{l.WalBytes:0}", $"{l.WorkerMegabytes:0}", $"{l.HotShare:0.00}");
    }
}

/// <summary>The whole pipeline beside smtp-source and nodemailer, the same letters into the same kind of sink.</summary>
internal static class DispatchBench
{
    public static async Task<Report> RunAsync(bool quick, int recipients, CancellationToken ct)
    {
        var letterBytes = 0;
        var unsigned = await LineAsync(16, sign: false, recipients);
        ct.ThrowIfCancellationRequested();
        var signed = await LineAsync(16, sign: true, recipients);
        var one = await LineAsync(1, sign: false, quick ? recipients / 2 : recipients);
        return new(unsigned, signed, one, RsaMilliseconds(), letterBytes, Environment.ProcessorCount);

        async Task<Line> LineAsync(int connections, bool sign, int count)
        {
            var ours = await PipelineRun.RunAsync(count, connections, sign);
            letterBytes = ours.LetterBytes;
            using var sink = await SmtpSink.StartAsync();
            var source = await sink.SourceAsync(count, connections, ours.LetterBytes);
            var nodemailer = await Nodemailer.RunAsync(sink, Math.Min(count, sign ? 2000 : 4000), connections, ours.LetterBytes, sign);
            return new(ours.Rate, source, nodemailer, ours.WorkerCpuMs, ours.PostgresCpuMs, ours.WalBytes, ours.WorkerMegabytes, ours.HotShare);
        }
    }

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
