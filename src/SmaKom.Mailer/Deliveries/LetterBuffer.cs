using System.Buffers;

namespace SmaKom.Mailer.Deliveries;

/// <summary>
/// Room for one letter at a time, used again and again. The signature is made from the finished message but stands before it:
/// room for it is kept in front, and it is written there right-aligned, so that the message is not copied.
/// </summary>
public sealed class LetterBuffer
{
    private const int SignatureRoom = 4096;
    private readonly ArrayBufferWriter<byte> signature = new(SignatureRoom);
    private readonly FrontedWriter message = new(SignatureRoom);

    public IBufferWriter<byte> Signature => signature;
    public FrontedWriter Message => message;

    public void Clear()
    {
        signature.ResetWrittenCount();
        message.Clear();
    }

    /// <summary>Signature and message in one piece.</summary>
    public ReadOnlyMemory<byte> Join() => message.Prepend(signature.WrittenSpan);

    /// <summary>A growing buffer with free room in front.</summary>
    public sealed class FrontedWriter : IBufferWriter<byte>
    {
        private readonly int room;
        private byte[] bytes;
        private int end;

        internal FrontedWriter(int room)
        {
            this.room = end = room;
            bytes = new byte[room + 65536];
        }

        public ReadOnlySpan<byte> WrittenSpan => bytes.AsSpan(room..end);

        public void Clear() => end = room;
        public void Advance(int count) => end += count;
        public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(end);
        public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(end);

        internal ReadOnlyMemory<byte> Prepend(ReadOnlySpan<byte> head)
        {
            head.CopyTo(bytes.AsSpan(room - head.Length));
            return bytes.AsMemory((room - head.Length)..end);
        }

        private byte[] Room(int sizeHint)
        {
            if (bytes.Length - end < Math.Max(sizeHint, 1)) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, end + sizeHint));
            return bytes;
        }
    }
}
