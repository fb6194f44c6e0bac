using System.IO.Compression;
using System.Text;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Issues.Compose.Word;

/// <summary>Word documents, made of parts that can be read: those of a folder, or paragraphs.</summary>
internal static class WordFile
{
    private const string Relations =
        """
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
          Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
        """;

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SmaKom.Mailer.Tests", "Issues", "Compose", "Word");

    /// <summary>As the office writes it in Swedish Word, with everything in it that a letter cannot hold; <c>nyhetsbrev/</c>.</summary>
    public static byte[] Newsletter()
    {
        var parts = Path.Combine(Folder, "nyhetsbrev");
        return Zip([
            .. Directory.EnumerateFiles(parts, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => (Path.GetRelativePath(parts, file), File.ReadAllBytes(file))),
            ("word/media/plogbil.png", GivenPictures.Png(800, 400)), ("word/media/karta.png", GivenPictures.Png(60, 40)),
            ("word/media/ritning.emf", [1, 0, 0, 0])]);
    }

    /// <summary>A paragraph for each: <c>Heading1|Text</c>, <c>bold|Text</c>, or only a text.</summary>
    public static byte[] Of(params string[] paragraphs) => WithBody(string.Concat(paragraphs.Select(paragraph =>
    {
        var (style, text) = paragraph.Split('|') is [var name, var words] ? (name, words) : ("", paragraph);
        var look = style == "bold" ? "<w:rPr><w:b/></w:rPr>" : "";
        return $"<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r>{look}<w:t>{text}</w:t></w:r></w:p>";
    })));

    /// <param name="body">Of <c>word/document.xml</c>.</param>
    /// <param name="before">What stands in front of it.</param>
    public static byte[] WithBody(string body, string before = "", params (string Name, byte[] Bytes)[] further) => Zip([
        ("_rels/.rels", Encoding.UTF8.GetBytes(Relations)),
        ("word/document.xml", Encoding.UTF8.GetBytes(
            $"""
            {before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>
            """)),
        .. further]);

    public static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, name == "mimetype" ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }

    /// <summary>A compound file ([MS-CFB]), as far as anybody looks at it: a stream of this name in its directory.</summary>
    public static byte[] Compound(string stream)
    {
        var file = new byte[2048];
        new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }.CopyTo(file, 0);
        Encoding.Unicode.GetBytes("Root Entry").CopyTo(file, 1024);
        Encoding.Unicode.GetBytes(stream).CopyTo(file, 1024 + 128);
        return file;
    }

    /// <summary>The same zip file, which says of its entry of this name that it becomes so many octets.</summary>
    public static byte[] Declaring(byte[] zip, string name, int octets)
    {
        var copy = zip.ToArray();
        // The last of the two places that have the name is the directory's.
        var at = copy.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(name)) - 46;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(at + 24), octets);
        return copy;
    }
}
