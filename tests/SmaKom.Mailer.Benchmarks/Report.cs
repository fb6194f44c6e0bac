using Spectre.Console;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>
/// What one run of <c>./bench</c> has measured; a line that was not asked for is null. Without a client in their names: through Pipelined,
/// as before there was a choice.
/// </summary>
internal sealed record Report
{
    public Line? Unsigned { get; set; }
    public Line? UnsignedMailKit { get; set; }
    public Line? Signed { get; set; }
    public Line? SignedMailKit { get; set; }
    public Line? OneConnection { get; set; }
    public Line? OneConnectionMailKit { get; set; }
    public Line? FarAway { get; set; }
    public Line? FarAwayMailKit { get; set; }
    public Growth? Growth { get; set; }

    /// <summary>The RSA-2048 operation alone, in milliseconds on one core.</summary>
    public double RsaMs { get; set; }

    /// <summary>Octets of one letter.</summary>
    public int LetterBytes { get; set; }
    public int Cores { get; set; }

    public void Print()
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
        var table = new Table().Title($"Letters per second, {LetterBytes / 1000.0:0} kB, {Cores} cores shared with the sink")
            .AddColumns("", "ours", "smtp-source -d", "nodemailer", "ours / source", "ours / nodemailer", "worker ms", "PostgreSQL ms", "WAL bytes",
                "worker MB", "HOT", "a commit");
        Row("unsigned, 16 connections, Pipelined", Unsigned);
        Row("unsigned, 16 connections, MailKit", UnsignedMailKit);
        Row($"signed (RSA alone {RsaMs:0.000} ms), Pipelined", Signed);
        Row($"signed (RSA alone {RsaMs:0.000} ms), MailKit", SignedMailKit);
        Row("unsigned, 1 connection, Pipelined", OneConnection);
        Row("unsigned, 1 connection, MailKit", OneConnectionMailKit);
        Row($"{DispatchBench.FarAway.TotalMilliseconds:0} ms away, 1 connection, Pipelined", FarAway);
        Row($"{DispatchBench.FarAway.TotalMilliseconds:0} ms away, 1 connection, MailKit", FarAwayMailKit);
        AnsiConsole.Write(table);
        if (Growth is not { } g) return;
        Console.WriteLine($"{g.Few:n0} letters: {g.FewCpuMs:0.000} ms of CPU a letter (worker and PostgreSQL); {g.Many:n0} letters: {g.ManyCpuMs:0.000} ms, {g.ManyCpuMs / g.FewCpuMs:0.00} times as much");
        Console.WriteLine($"{g.Many:n0} letters: {g.ManyPerSecond:0}/s, worker's resident memory {g.WorkerMegabytes:0} MB");

        void Row(string name, Line? line)
        {
            if (line is { } l)
                table.AddRow(name, $"{l.Ours:0}", $"{l.SmtpSource:0}", $"{l.Nodemailer:0}", $"{l.Ours / l.SmtpSource:0.00}",
                    $"{l.Ours / l.Nodemailer:0.0}",
                    $"{l.WorkerCpuMs:0.000}", $"{l.PostgresCpuMs:0.000}", $"{l.WalBytes:0}", $"{l.WorkerMegabytes:0}", $"{l.HotShare:0.00}",
                    $"{l.LettersPerCommit:0.0}");
        }
    }
}
