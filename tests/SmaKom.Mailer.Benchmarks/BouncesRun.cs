using System.Diagnostics;
using System.Globalization;
using CsvHelper;
using SmaKom.Mailer.Bounces.Reading;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>Of mails with one recipient, read with the labels beside them.</summary>
/// <param name="Kind">Mails whose kind was read rightly.</param>
/// <param name="Class">Those whose class was, or was one that may be answered, too.</param>
/// <param name="FalseHard">An address taken for dead that need not be.</param>
/// <param name="MissedHard">A dead address taken for something else; of <paramref name="Hard"/>.</param>
/// <param name="Mails">All mails of the folder, with several recipients, too; <paramref name="Seconds"/> is their time on one core.</param>
internal sealed record BouncesResult(
    int Mails, int OfOne, int Kind, int Class, int FalseHard, int FalseComplaint, int Hard, int MissedHard, int ReadAsBounce,
    double Seconds, double Rate);

/// <summary>Reads a folder of labelled mails (<c>labels.csv</c>, <c>mails/</c>) and counts what was misread.</summary>
internal static class BouncesRun
{
    private sealed record Label(string File, string Kind, string Class, string[] Also);

    public static async Task<BouncesResult> RunAsync(DirectoryInfo folder, bool lists, CancellationToken ct)
    {
        var labels = Labels(Path.Combine(folder.FullName, "labels.csv"));
        var mails = new Dictionary<string, byte[]>();
        foreach (var file in labels.Select(label => label.Key))
            mails[file] = await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "mails", file), ct);

        // The first time compiles.
        foreach (var mail in mails.Values) Read(mail, ct);
        var watch = Stopwatch.StartNew();
        var read = mails.ToDictionary(mail => mail.Key, mail => Read(mail.Value, ct));
        var seconds = watch.Elapsed.TotalSeconds;

        var ofOne = labels.Where(label => label.Count() == 1).Select(label => (Label: label.Single(), Mail: read[label.Key])).ToList();
        int Count(Func<Label, ReturnedMail?, bool> isSo) => ofOne.Count(one => isSo(one.Label, one.Mail));
        var result = new BouncesResult(mails.Count, ofOne.Count, Count(IsKind), Count(IsClass),
            Count((label, mail) => IsFalse(label, mail, BounceClass.Hard)), Count((label, mail) => IsFalse(label, mail, BounceClass.Complaint)),
            Count((label, _) => label.Class == "hard"), Count((label, mail) => label.Class == "hard" && !IsClass(label, mail)),
            Count((label, mail) => label.Kind != "bounce" && mail?.Kind == ReturnKind.Bounce), seconds, mails.Count / seconds);
        if (lists)
            foreach (var (label, mail) in ofOne.Where(one => !IsKind(one.Label, one.Mail) || !IsClass(one.Label, one.Mail)))
                Console.WriteLine($"{label.File}: {label.Kind}, {string.Join('|', label.Also.Prepend(label.Class))}; "
                                  + $"read as {mail?.Kind}, {string.Join(' ', Classes(mail))} by \"{mail?.Recipients.FirstOrDefault()?.Rule}\"");
        Console.WriteLine($"{result.Mails} mails, {result.OfOne} of them with one recipient:");
        Console.WriteLine($"kind             {Share(result.Kind, result.OfOne)}");
        Console.WriteLine($"class            {Share(result.Class, result.OfOne)}");
        Console.WriteLine($"false hard       {result.FalseHard}");
        Console.WriteLine($"false complaint  {result.FalseComplaint}");
        Console.WriteLine($"missed hard      {Share(result.MissedHard, result.Hard)}");
        Console.WriteLine($"no bounce, read as one  {result.ReadAsBounce}");
        Console.WriteLine($"{result.Seconds:0.00} s, {result.Rate:0} mails/s");
        return result;
    }

    private static ReturnedMail? Read(byte[] mail, CancellationToken ct)
    {
        try
        {
            return ReturnReader.Read(mail, ct);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsKind(Label label, ReturnedMail? mail) => mail?.Kind == label.Kind switch
    {
        "bounce" => ReturnKind.Bounce,
        "delayed" => ReturnKind.Delayed,
        "delivered" => ReturnKind.Delivered,
        "auto_reply" => ReturnKind.AutoReply,
        // Feedback that nobody complains in (RFC 6591) is none to us.
        "feedback" => label.Class == "complaint" ? ReturnKind.Complaint : ReturnKind.Other,
        _ => ReturnKind.Other,
    };

    private static bool IsClass(Label label, ReturnedMail? mail) =>
        mail is not null && Classes(mail).All(one => one == label.Class || label.Also.Contains(one));

    private static bool IsFalse(Label label, ReturnedMail? mail, BounceClass wrong) =>
        mail is not null && Classes(mail).Any(one => one == Name(wrong) && one != label.Class && !label.Also.Contains(one));

    private static IEnumerable<string> Classes(ReturnedMail? mail) =>
        mail is null ? [] : mail.Recipients.Count == 0 ? [Name(BounceClass.NotABounce)] : mail.Recipients.Select(one => Name(one.Class));

    private static string Name(BounceClass one) => one == BounceClass.NotABounce ? "not_a_bounce" : one.ToString().ToLowerInvariant();

    private static string Share(int part, int of) =>
        of == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{part} of {of} ({100.0 * part / of:0.0} %)");

    private static List<IGrouping<string, Label>> Labels(string file)
    {
        using var csv = CsvReader.FromText(File.ReadAllText(file), new() { HasHeader = false });
        if (!csv.Read()) return [];
        var names = csv.Current.ToArray();
        var labels = new List<Label>();
        while (csv.Read())
        {
            var cells = names.Zip(csv.Current.ToArray()).ToDictionary(cell => cell.First, cell => cell.Second);
            labels.Add(new(cells["file"], cells["kind"], cells["class"], cells["also"].Split('|', StringSplitOptions.RemoveEmptyEntries)));
        }

        return [.. labels.GroupBy(label => label.File)];
    }
}
