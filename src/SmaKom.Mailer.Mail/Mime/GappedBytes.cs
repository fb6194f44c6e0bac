using System.Buffers;
using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>What is filled in at a gap of the encoded letter. The numbers are stored: never reuse one.</summary>
internal enum GapKind : byte
{
    To = 1,
    Date = 2,
    MessageId = 3,
    HeaderToken = 4,
    BodyText = 5,
    BodyHtml = 6,
}

/// <summary>A place in the encoded bytes.</summary>
/// <param name="Offset">Octets before it.</param>
/// <param name="Slot">Index of the slot; -1 for what every letter has.</param>
internal readonly record struct Gap(int Offset, GapKind Kind, int Slot);

/// <summary>Encoded bytes under construction, with their gaps.</summary>
internal sealed class GappedBytes
{
    public ArrayBufferWriter<byte> Bytes { get; } = new(4096);

    public List<Gap> Gaps { get; } = [];

    public GappedBytes Write(string text)
    {
        Bytes.Advance(Encoding.UTF8.GetBytes(text, Bytes.GetSpan(text.Length * 3)));
        return this;
    }

    public GappedBytes Leave(GapKind kind, int slot = -1)
    {
        Gaps.Add(new Gap(Bytes.WrittenCount, kind, slot));
        return this;
    }

    public GappedBytes Append(GappedBytes other)
    {
        var offset = Bytes.WrittenCount;
        Gaps.AddRange(other.Gaps.Select(gap => gap with { Offset = gap.Offset + offset }));
        Bytes.Write(other.Bytes.WrittenSpan);
        return this;
    }
}
