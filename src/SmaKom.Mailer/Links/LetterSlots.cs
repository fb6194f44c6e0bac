using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Links;

/// <summary>The places of a letter that differ from person to person.</summary>
public static class LetterSlots
{
    public const string Unsubscribe = "unsubscribe";
    public const string Preferences = "preferences";
    public const string Letter = "letter";
    public const string Address = "address";

    public static readonly IReadOnlyList<Slot> All =
        [new(Unsubscribe, SlotKind.Token), new(Preferences, SlotKind.Token), new(Letter, SlotKind.Token), new(Address, SlotKind.Text)];
}
