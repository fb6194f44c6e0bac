using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.People;

/// <summary>
/// Somebody who often stands in the letter, kept once. A signature or the contact gets a copy: who changes later changes in no issue.
/// </summary>
/// <param name="Id">0: not kept yet.</param>
/// <param name="Card">Name, role, e-mail, phone and portrait; the contact's other fields are empty.</param>
public sealed record Person(int Id, ContactBlock Card)
{
    private static readonly string[] OfSignature = ["name", "role", "portrait.mediaId", "portrait.alt", "portrait.decorative"];
    private static readonly string[] OfAll = [.. OfSignature, "email", "phone"];

    /// <summary>Another after each change; empty: not kept yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>"Karin Lindmark, ordförande"</summary>
    public string Title => Card.Role is { } role ? $"{Card.Name}, {role}" : Card.Name;

    /// <summary>As a part's form holds it: with e-mail and phone where <paramref name="prefix"/> is empty, which is the contact's form.</summary>
    /// <param name="prefix">Of the fields' names: empty, or as <c>left.signature.</c>.</param>
    public IReadOnlyDictionary<string, string> FieldsFor(string prefix)
    {
        var all = PartFields.Of(Card);
        return (prefix == "" ? OfAll : OfSignature).ToDictionary(field => prefix + field, field => all[field], StringComparer.Ordinal);
    }

    /// <summary>Who is typed into a form. What it has no field for is nothing.</summary>
    public static Person Typed(IReadOnlyDictionary<string, string> fields, string prefix, PictureSize size)
    {
        var typed = OfAll.ToDictionary(field => field, field => fields.GetValueOrDefault(prefix + field, ""), StringComparer.Ordinal);
        return new(0, (ContactBlock)PartFields.Apply(new ContactBlock { Name = "" }, typed, size).Part);
    }

    /// <summary>What is wrong, in the order of the form.</summary>
    public IReadOnlyList<FieldFault> Faults()
    {
        var faults = new List<FieldFault>();
        if (Card.Name == "") faults.Add(new("name", "Name"));
        if (Card.Email is { } email && !EmailAddress.TryParse(email, out _, out _)) faults.Add(new("email", "Address"));
        if (Card.Portrait is { Decorative: false, Alt: "" }) faults.Add(new("portrait.alt", "Alt"));
        return faults;
    }
}
