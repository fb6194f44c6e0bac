namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>Which column of a file holds what, by the headers that people write, in Swedish or English, in any order.</summary>
internal sealed record ImportColumns(int Email, int Name, int FirstName, int LastName, int Municipality, int Language)
{
    private const int None = -1;

    /// <summary>Null if no column holds addresses.</summary>
    public static ImportColumns? From(IReadOnlyList<string> header)
    {
        var names = header.Select(Plain).ToList();
        int Find(params string[] known) => names.FindIndex(name => known.Contains(name));
        var email = Find("epost", "epostadress", "mejl", "mejladress", "mail", "mailadress", "email", "emailaddress", "adress");
        return email == None ? null : new(
            email,
            Find("namn", "name", "fullname"),
            Find("förnamn", "firstname"),
            Find("efternamn", "lastname", "surname"),
            Find("kommun", "municipality"),
            Find("språk", "language"));
    }

    public string? Get(int column, IReadOnlyList<string> fields) =>
        column == None || column >= fields.Count || string.IsNullOrWhiteSpace(fields[column]) ? null : fields[column].Trim();

    public string? NameOf(IReadOnlyList<string> fields) => Get(Name, fields)
        ?? (string.Join(' ', new[] { Get(FirstName, fields), Get(LastName, fields) }.OfType<string>()) is { Length: > 0 } both ? both : null);

    // "E-post", "E-postadress:", "e_mail" → letters only.
    private static string Plain(string header) => string.Concat(header.Normalize().Where(char.IsLetter)).ToLowerInvariant();
}
