namespace SmaKom.Mailer.Mail.Mime;

public enum SlotKind
{
    /// <summary>URL-safe ASCII (letters, digits, <c>- . _ ~ %</c>), at most 256 characters; the only kind allowed in a header.</summary>
    Token = 0,

    /// <summary>Any text; HTML-encoded in the html part. Not in headers.</summary>
    Text = 1,
}

/// <summary>A place that is filled in per person.</summary>
/// <param name="Name">1–64 ASCII letters and digits.</param>
public sealed record Slot(string Name, SlotKind Kind);
