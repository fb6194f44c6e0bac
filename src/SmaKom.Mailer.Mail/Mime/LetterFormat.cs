using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// The stored form of a template: "SKLT", a version octet, slots, gaps, the encoded bytes. An issue that was frozen by one version
/// of the program is sent by the next, so a change of this form needs a new version number and the old reader kept.
/// </summary>
internal static class LetterFormat
{
    private const byte Version = 1;
    private static ReadOnlySpan<byte> Magic => "SKLT"u8;

    public static byte[] Write(byte[] bytes, Gap[] gaps, Slot[] slots)
    {
        using var stream = new MemoryStream(bytes.Length + 256);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write7BitEncodedInt(slots.Length);
        foreach (var slot in slots)
        {
            writer.Write(slot.Name);
            writer.Write((byte)slot.Kind);
        }
        writer.Write7BitEncodedInt(gaps.Length);
        foreach (var gap in gaps)
        {
            writer.Write7BitEncodedInt(gap.Offset);
            writer.Write((byte)gap.Kind);
            writer.Write7BitEncodedInt(gap.Slot + 1);
        }
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
        writer.Flush();
        return stream.ToArray();
    }

    public static LetterTemplate Read(ReadOnlySpan<byte> stored)
    {
        if (!stored.StartsWith(Magic) || stored.Length <= Magic.Length)
            throw Bad("these bytes are no letter template");
        if (stored[Magic.Length] != Version)
            throw Bad($"it is of version {stored[Magic.Length]}, this program reads version {Version}");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(stored[(Magic.Length + 1)..].ToArray()), Encoding.UTF8);
            return ReadBody(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new MimeException("stored letter", "is cut short or damaged", e);
        }
    }

    private static LetterTemplate ReadBody(BinaryReader reader)
    {
        var slots = new Slot[ReadCount(reader)];
        for (var i = 0; i < slots.Length; i++)
            slots[i] = new Slot(reader.ReadString(), (SlotKind)reader.ReadByte());
        var gaps = new Gap[ReadCount(reader)];
        for (var i = 0; i < gaps.Length; i++)
            gaps[i] = new Gap(reader.Read7BitEncodedInt(), (GapKind)reader.ReadByte(), reader.Read7BitEncodedInt() - 1);
        var bytes = new byte[ReadCount(reader)];
        reader.BaseStream.ReadExactly(bytes);
        if (reader.BaseStream.Position != reader.BaseStream.Length || !Agree(bytes, gaps, slots))
            throw Bad("is cut short or damaged");
        return new LetterTemplate(bytes, gaps, slots);
    }

    private static int ReadCount(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        return count >= 0 && count <= reader.BaseStream.Length ? count : throw Bad("is cut short or damaged");
    }

    private static bool Agree(byte[] bytes, Gap[] gaps, Slot[] slots)
    {
        var at = 0;
        foreach (var gap in gaps)
        {
            var hasSlot = gap.Kind is GapKind.HeaderToken or GapKind.BodyText or GapKind.BodyHtml;
            if (gap.Offset < at || gap.Offset > bytes.Length || !Enum.IsDefined(gap.Kind) || gap.Slot >= slots.Length || hasSlot != gap.Slot >= 0)
                return false;
            if (gap.Kind == GapKind.HeaderToken && slots[gap.Slot].Kind != SlotKind.Token)
                return false;
            at = gap.Offset;
        }
        return slots.All(slot => Enum.IsDefined(slot.Kind));
    }

    private static MimeException Bad(string problem) => new("stored letter", problem);
}
