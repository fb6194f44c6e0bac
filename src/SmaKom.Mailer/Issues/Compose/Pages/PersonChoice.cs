using System.Globalization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.People;

namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>What a button beside a signature or the contact asks for: to fill in somebody who is kept, or to keep who was typed.</summary>
/// <param name="Prefix">As of <see cref="People.Person.FieldsFor"/>.</param>
/// <param name="Person">Whom to fill in; null: nobody was chosen.</param>
internal sealed record PersonChoice(bool Fills, string Prefix, int? Person)
{
    /// <summary>Beginnings of what the two buttons send, and of the choice's name; the prefix follows.</summary>
    public const string Fill = "fyll:", Keep = "behall:", PersonField = "person:";

    /// <summary>Null: another button was pressed.</summary>
    public static PersonChoice? Of(IFormCollection form)
    {
        var choice = form[ComposeEndpoints.ChoiceField].ToString();
        if (choice.StartsWith(Keep, StringComparison.Ordinal)) return new(false, choice[Keep.Length..], null);
        if (!choice.StartsWith(Fill, StringComparison.Ordinal)) return null;
        var prefix = choice[Fill.Length..];
        return new(true, prefix, int.TryParse(form[PersonField + prefix], CultureInfo.InvariantCulture, out var id) ? id : null);
    }

    /// <summary>Into what was typed, before it is saved.</summary>
    /// <returns>The answer that the page is to give once it is saved; null: nothing is known yet.</returns>
    public async Task<string?> FillAsync(Dictionary<string, string> fields, PeopleCommands people, CancellationToken ct)
    {
        if (!Fills) return null;
        if (Person is not { } id || await people.FindAsync(id, ct) is not { } person) return "person-Nobody";
        foreach (var (name, value) in person.FieldsFor(Prefix)) fields[name] = value;
        return "ifylld";
    }

    /// <summary>After what was typed is saved.</summary>
    public async Task<string> KeepAsync(Dictionary<string, string> fields, PeopleCommands people, Actor who, CancellationToken ct) =>
        (await people.KeepAsync(fields, Prefix, who, ct)).Faults is [var fault, ..] ? $"person-{fault.Key}" : "person";
}
