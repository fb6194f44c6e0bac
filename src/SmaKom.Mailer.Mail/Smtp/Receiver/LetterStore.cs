using System.Buffers;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>A letter while it arrives; keeps no more than the limit, and counts on.</summary>
internal sealed class LetterStore(long limit)
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private long seen;

    public bool IsTooLarge => seen > limit;

    /// <summary>So far beyond the limit that the sender will not be waited for.</summary>
    public bool IsHopeless => seen > 2 * limit;

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    public void Add(ReadOnlySequence<byte> more)
    {
        foreach (var part in more)
            Add(part.Span);
    }

    public void Add(ReadOnlySpan<byte> more)
    {
        seen += more.Length;
        if (!IsTooLarge)
            bytes.Write(more);
    }
}
