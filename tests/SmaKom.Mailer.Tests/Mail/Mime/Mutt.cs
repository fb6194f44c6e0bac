using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SmaKom.Mailer.Tests.Mail.Mime;

/// <summary>
/// Reads subjects with mutt: all messages of an mbox, decoded by its pipe command. Mutt wants a terminal, which <c>script</c> gives it.
/// </summary>
internal static class Mutt
{
    public static string[] ReadSubjects(IReadOnlyList<byte[]> messages)
    {
        var folder = Directory.CreateTempSubdirectory("mutt");
        try
        {
            var (mbox, output, settings) =
                (Path.Combine(folder.FullName, "mbox"), Path.Combine(folder.FullName, "out"), Path.Combine(folder.FullName, "rc"));
            WriteMbox(mbox, messages);
            File.WriteAllText(settings, $"""
                set charset=utf-8 pipe_decode=yes pipe_split=no wrap_headers=998 wait_key=no quit=yes tmpdir="{folder.FullName}" folder="{folder.FullName}" header_cache=""
                set sort=mailbox-order mbox_type=mbox read_inc=0 write_inc=0
                ignore *
                unignore subject
                set auto_tag=yes
                push "<tag-pattern>~A<enter><pipe-message>cat >{output}<enter><exit>"
                """);
            Run(folder.FullName, $"TERM=xterm LC_ALL=C.UTF-8 mutt -n -R -F {settings} -f {mbox}");
            return [.. File.ReadLines(output).Where(line => line.StartsWith("Subject: ", StringComparison.Ordinal))
                .Select(line => line["Subject: ".Length..])];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void WriteMbox(string path, IReadOnlyList<byte[]> messages)
    {
        using var file = File.Create(path);
        foreach (var message in messages)
        {
            file.Write("From sender@example.org Sun Nov  1 09:00:00 2026\n"u8);
            file.Write(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message).Replace("\r\n", "\n")));
            file.Write("\n"u8);
        }
    }

    private static void Run(string home, string command)
    {
        var start = new ProcessStartInfo("script") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["HOME"] = home;
        foreach (var argument in new[] { "-qec", command, "/dev/null" })
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var screen = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
                process.Kill(entireProcessTree: true);
            if (!File.Exists(Path.Combine(home, "out")))
                Assert.Fail($"mutt wrote nothing. If it is missing: apt-get install mutt\n{screen.Result}");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("“script” is missing. Install it with: apt-get install bsdutils", e);
        }
    }
}
