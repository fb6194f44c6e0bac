using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Bounces.Reading;

namespace SmaKom.Mailer.Tests.Bounces.Reading;

/// <summary>Damage of every kind, the same in each run: nothing throws, nothing hangs, nobody is stopped by it.</summary>
public sealed partial class MutatedReturnsTests
{
    private const int Mails = 10_000;

    /// <summary>Words and codes of the tables that make an address dead; what holds none of them must not.</summary>
    private static readonly string[] DeadWords =
        [.. Table("phrases.tsv").Where(row => row[1] == "hard").Select(row => row[4].Split('*', '@').MaxBy(words => words.Length)!.Trim())];

    private static readonly string[] DeadCodes = [.. Table("codes.tsv").Where(row => row[1] == "hard").Select(row => row[0])];

    [Test]
    public void No_damage_throws_hangs_or_stops_anybody()
    {
        var random = new Random(1604);
        var slowest = TimeSpan.Zero;
        var (refused, hard) = (0, 0);
        for (var i = 0; i < Mails; i++)
        {
            var sample = SampleReturns.All[i % SampleReturns.All.Count];
            var damaged = Damage(sample.Mail, random);
            var watch = Stopwatch.StartNew();
            try
            {
                var mail = ReturnReader.Read(damaged, CancellationToken.None);
                if (mail.Recipients.Any(one => one.Class == BounceClass.Hard))
                {
                    hard++;
                    Assert.That(SaysDead(damaged), Is.True, () => $"{sample}, mail {i}: {mail.Recipients[0]}\n{Encoding.UTF8.GetString(damaged)}");
                }

                if (mail.Kind == ReturnKind.Complaint)
                    Assert.That(sample.Kind, Is.EqualTo(ReturnKind.Complaint).Or.EqualTo(ReturnKind.Other), sample.Name);
            }
            catch (FormatException)
            {
                refused++;
            }

            if (watch.Elapsed > slowest) slowest = watch.Elapsed;
        }

        TestContext.Out.WriteLine($"{Mails} mails: {refused} refused, {hard} still hard; the slowest took {slowest.TotalMilliseconds:0} ms");
        // A second each on an idle machine: a busy one may take its turn in between.
        Assert.That(slowest, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(hard, Is.InRange(Mails / 10, Mails / 2));
    }

    private static byte[] Damage(byte[] mail, Random random)
    {
        var bytes = new List<byte>(mail);
        for (var turns = random.Next(1, 4); turns > 0; turns--)
        {
            var (from, length) = (random.Next(bytes.Count), random.Next(1, 200));
            length = Math.Min(length, bytes.Count - from);
            switch (random.Next(6))
            {
                case 0:
                    for (var flips = random.Next(1, 20); flips > 0; flips--) bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(from, Math.Min(length, bytes.Count - 1 - from));
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(from, length));
                    break;
                case 3:
                    bytes.RemoveRange(from + 1, bytes.Count - from - 1);
                    break;
                case 4:
                    bytes = Shuffled(bytes, random);
                    break;
                default:
                    bytes.InsertRange(from, Enumerable.Repeat((byte)"\n-: ;<@\"="[random.Next(9)], random.Next(1, 2000)));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The headers in another order.</summary>
    private static List<byte> Shuffled(List<byte> bytes, Random random)
    {
        var lines = Encoding.Latin1.GetString([.. bytes]).Split('\n');
        var body = Math.Max(0, Array.FindIndex(lines, line => line.Trim().Length == 0));
        random.Shuffle(lines.AsSpan(0, body));
        return [.. Encoding.Latin1.GetBytes(string.Join('\n', lines))];
    }

    /// <summary>Looked for more simply than the reader does: anywhere, in any part.</summary>
    private static bool SaysDead(byte[] mail)
    {
        var text = Space().Replace(Encoding.UTF8.GetString(mail).ToLowerInvariant(), " ");
        return DeadWords.Concat(DeadCodes).Any(word => text.Contains(word, StringComparison.Ordinal));
    }

    private static IEnumerable<string[]> Table(string name)
    {
        using var file = new StreamReader(typeof(ReturnReader).Assembly.GetManifestResourceStream("SmaKom.Mailer.Bounces.Reading." + name)!);
        return [.. file.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'))];
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Space();
}
