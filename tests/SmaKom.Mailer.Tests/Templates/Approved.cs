using System.Text;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>
/// Compares with a file that a person has looked at and approved, byte for byte.
/// After a wanted change: <c>SMAKOM_APPROVE=1 ./test ApprovedLetterTests</c>, then read the diff before committing it.
/// </summary>
public static class Approved
{
    public static void AssertSame(string name, string actual) => AssertSame(name, Encoding.UTF8.GetBytes(actual));

    public static void AssertSame(string name, byte[] actual)
    {
        var file = Path.Combine(Repository.Root, "tests", "SmaKom.Mailer.Tests", "Templates", "Approved", name);
        if (Environment.GetEnvironmentVariable("SMAKOM_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, actual);
        }

        Assert.That(File.Exists(file), $"{name} has not been approved yet: run with SMAKOM_APPROVE=1 and read the file.");
        var expected = File.ReadAllBytes(file);
        if (!expected.AsSpan().SequenceEqual(actual)) Assert.Fail(Difference(name, expected, actual));
    }

    private static string Difference(string name, byte[] expected, byte[] actual)
    {
        var (was, now) = (Encoding.UTF8.GetString(expected).Split('\n'), Encoding.UTF8.GetString(actual).Split('\n'));
        var line = Enumerable.Range(0, Math.Max(was.Length, now.Length)).First(i => was.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"{name} differs at line {line + 1}.\nApproved: {was.ElementAtOrDefault(line)}\nNow:      {now.ElementAtOrDefault(line)}";
    }
}
