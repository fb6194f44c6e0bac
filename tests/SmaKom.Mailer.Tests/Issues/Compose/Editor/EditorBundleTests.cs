using System.IO.Compression;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>The committed bundle is what its sources give, and light.</summary>
public sealed class EditorBundleTests
{
    private const int MostBytes = 150_000;

    private static readonly string Source = Path.Combine(Repository.Root, "src", "editor");
    private static readonly string Site = Path.Combine(Repository.Root, "src", "SmaKom.Mailer", "wwwroot");

    [TestCase("editor.js")]
    [TestCase("editor.js.LEGAL.txt")]
    public async Task Building_it_again_gives_the_same_bytes(string file)
    {
        Assert.That(Directory.Exists(Path.Combine(Source, "node_modules")), "Its packages are missing. Install them: npm ci --prefix src/editor");
        var folder = Directory.CreateTempSubdirectory("editor");
        try
        {
            var (code, said) = await Tool.RunAsync("sudo apt-get install npm", [], "node", Path.Combine(Source, "build.mjs"),
                Path.Combine(folder.FullName, "editor.js"));
            Assert.That(code, Is.Zero, said);
            var (built, committed) = (Path.Combine(folder.FullName, file), Path.Combine(Site, file));
            Assert.That(await File.ReadAllBytesAsync(built), Is.EqualTo(await File.ReadAllBytesAsync(committed)),
                "Sources and bundle differ. Build it: npm run build --prefix src/editor");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void It_weighs_no_more_than_it_may()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(Path.Combine(Site, "editor.js")));

        Assert.That(packed.Length, Is.LessThanOrEqualTo(MostBytes));
    }

    [Test]
    public void The_lock_file_names_no_registry() =>
        Assert.That(File.ReadAllText(Path.Combine(Source, "package-lock.json")), Does.Not.Contain("\"resolved\""));
}
