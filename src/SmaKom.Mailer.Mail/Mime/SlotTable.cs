namespace SmaKom.Mailer.Mail.Mime;

/// <summary>The declared slots of a draft, found by the markers in its texts.</summary>
internal sealed class SlotTable
{
    private readonly SlotMarkers _markers;
    private readonly Dictionary<string, (int Index, SlotKind Kind)> _byName = new(StringComparer.Ordinal);

    public SlotTable(SlotMarkers markers, IReadOnlyList<Slot> slots)
    {
        _markers = markers;
        for (var i = 0; i < slots.Count; i++)
        {
            SlotMarkers.CheckName("slot", slots[i].Name);
            if (!Enum.IsDefined(slots[i].Kind))
                throw new MimeException($"slot {slots[i].Name}", "is of no known kind");
            if (!_byName.TryAdd(slots[i].Name, (i, slots[i].Kind)))
                throw new MimeException($"slot {slots[i].Name}", "is declared twice");
        }
    }

    /// <summary>Cuts a text at its markers; the last stretch has slot -1.</summary>
    /// <exception cref="MimeException">A marker names a slot that is not declared.</exception>
    public IEnumerable<(string Literal, int Slot, SlotKind Kind)> Split(string field, string text)
    {
        foreach (var (literal, name) in _markers.Split(field, text))
        {
            if (name is null)
                yield return (literal, -1, default);
            else if (_byName.TryGetValue(name, out var slot))
                yield return (literal, slot.Index, slot.Kind);
            else
                throw new MimeException(field, $"uses the slot “{name}”, which is not declared");
        }
    }
}
