using System.Globalization;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>How far measured times lie apart, in milliseconds.</summary>
internal sealed record Spread(double Median, double Ninetyfifth, double Most, int Times)
{
    public static Spread Of(IEnumerable<double> took)
    {
        var sorted = took.Order().ToList();
        return new(sorted[sorted.Count / 2], sorted[(int)Math.Ceiling(sorted.Count * 0.95) - 1], sorted[^1], sorted.Count);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {Median:0} ms, p95 {Ninetyfifth:0} ms, most {Most:0} ms ({Times} times)");
}
