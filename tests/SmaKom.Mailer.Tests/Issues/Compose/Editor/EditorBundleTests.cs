using System.IO.Compression;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>The committed bundles are what their sources give, and light.</summary>
public sealed class EditorBundleTests
{
    private static readonly string Source = Path.Combine(Repository.Root, "src", "editor");
    private static readonly string Site = Path.Combine(Repository.Root, "src", "SmaKom.Mailer", "wwwroot");

    [Test]
    public async Task Building_them_again_gives_the_same_bytes()
    {
        Assert.That(Directory.Exists(Path.Combine(Source, "node_modules")), "Its packages are missing. Install them: npm ci --prefix src/editor");
        var folder = Directory.CreateTempSubdirectory("editor");
        try
        {
            var (code, said) = await Tool.RunAsync("sudo apt-get install npm", [], "node", Path.Combine(Source, "build.mjs"), folder.FullName);
            Assert.That(code, Is.Zero, said);
            Assert.That(folder.GetFiles().Select(file => file.Name),
                Is.EquivalentTo(new[] { "editor.js", "editor.js.LEGAL.txt", "word.js", "word.js.LEGAL.txt" }));
            foreach (var built in folder.GetFiles())
                Assert.That(await File.ReadAllBytesAsync(built.FullName), Is.EqualTo(await File.ReadAllBytesAsync(Path.Combine(Site, built.Name))),
                    $"Sources and {built.Name} differ. Build it: npm run build --prefix src/editor");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <param name="most">Octets, gzip.</param>
    [TestCase("editor.js", 150_000)]
    [TestCase("word.js", 90_000)]
    public void None_weighs_more_than_it_may(string file, int most)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(Path.Combine(Site, file)));

        Assert.That(packed.Length, Is.LessThanOrEqualTo(most));
    }

    [Test]
    public void The_lock_file_names_no_registry() =>
        Assert.That(File.ReadAllText(Path.Combine(Source, "package-lock.json")), Does.Not.Contain("\"resolved\""));
}
