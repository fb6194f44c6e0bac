namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>
/// Which column of a list holds what, by the headings that people and programs write, in Swedish or English, in any order. Addresses are where
/// addresses are: a heading that promises them only decides between columns that hold some.
/// </summary>
internal sealed record ImportColumns(
    int Email, IReadOnlyList<int> FurtherEmails, int Name, int FirstName, int LastName, int Municipality, int Language, int Lists)
{
    private const int None = -1;

    /// <summary>A title, a date, a blank: lines that stand above the headings.</summary>
    private const int MostAbove = 20;

    private static readonly string[] MailNames =
        ["epost", "epostadress", "mejl", "mejladress", "mail", "mailadress", "email", "emailadress", "emailaddress"];

    private static readonly string[] MailWords = ["epost", "mejl", "mail"];

    /// <summary>Of what is about an address and is none: Google's "E-mail 1 - Label", Outlook's "E-mail Display Name".</summary>
    private static readonly string[] OtherWords = ["typ", "label", "etikett", "visning", "display", "status"];

    private enum Promise { Address, BeginsAsAddress, SaysAddress, Nothing }

    /// <summary>The row of headings among the first rows of a list, and its columns. Null if there is none, or no column of addresses.</summary>
    public static (int Heading, ImportColumns Columns)? Find(IReadOnlyList<string[]> rows)
    {
        var first = IndexOf(rows, row => row.Any(WrittenAddress.IsIn));
        var heading = IndexOf(rows.Take(MostAbove), row => Promises(row, Promise.Address) && !row.Any(WrittenAddress.IsIn));
        if (heading == None) heading = IndexOf(rows.Take(first == None ? MostAbove : first), row => Promises(row, Promise.BeginsAsAddress));
        // Nothing is called so: what stands above the first address is its heading.
        if (heading == None) heading = first - 1;
        return heading >= 0 && From(rows[heading], [.. rows.Skip(heading + 1)]) is { } columns ? (heading, columns) : null;
    }

    /// <summary>One of its cells is a heading of addresses.</summary>
    public static bool IsHeading(IEnumerable<string> cells) => Promises(cells, Promise.Address);

    public string? EmailOf(IReadOnlyList<string> fields) =>
        Get(Email, fields) ?? FurtherEmails.Select(column => Get(column, fields)).FirstOrDefault(cell => cell is not null);

    public string? Get(int column, IReadOnlyList<string> fields) =>
        column == None || column >= fields.Count || string.IsNullOrWhiteSpace(fields[column]) ? null : fields[column].Trim();

    public string? NameOf(IReadOnlyList<string> fields) => Get(Name, fields)
        ?? (string.Join(' ', new[] { Get(FirstName, fields), Get(LastName, fields) }.OfType<string>()) is { Length: > 0 } both ? both : null);

    private static ImportColumns? From(string[] heading, IReadOnlyList<string[]> rows)
    {
        var names = heading.Select(Plain).ToList();
        int Find(params string[] known) => names.FindIndex(name => known.Contains(name));
        var held = names.Select((_, column) => rows.Count(row => column < row.Length && WrittenAddress.IsIn(row[column]))).ToList();
        var most = held.Max();
        var columns = Enumerable.Range(0, names.Count).Where(column => most == 0 ? PromiseOf(names[column]) <= Promise.BeginsAsAddress
            // Half as many as another: not one that somebody wrote into the wrong column.
            : held[column] * 2 >= most).OrderBy(column => PromiseOf(names[column])).ThenByDescending(column => held[column]).ToList();
        if (columns.Count == 0) return null;
        return new(
            columns[0],
            [.. Enumerable.Range(0, names.Count)
                .Where(column => column != columns[0] && held[column] > 0 && PromiseOf(names[column]) < Promise.Nothing)],
            Find("namn", "name", "fullname"),
            Find("förnamn", "firstname", "givenname", "fname"),
            Find("efternamn", "lastname", "familyname", "surname", "lname"),
            Find("kommun", "municipality"),
            Find("språk", "language"),
            Find("listor", "lista", "lists", "list"));
    }

    private static bool Promises(IEnumerable<string> row, Promise atLeast) => row.Any(cell => PromiseOf(Plain(cell)) <= atLeast);

    private static Promise PromiseOf(string name) => name switch
    {
        _ when MailNames.Contains(name) => Promise.Address,
        _ when OtherWords.Any(word => name.Contains(word, StringComparison.Ordinal)) => Promise.Nothing,
        _ when MailNames.Any(known => name.StartsWith(known, StringComparison.Ordinal)) => Promise.BeginsAsAddress,
        _ when MailWords.Any(word => name.Contains(word, StringComparison.Ordinal)) => Promise.SaysAddress,
        _ => Promise.Nothing,
    };

    private static int IndexOf(IEnumerable<string[]> rows, Func<string[], bool> isIt) =>
        rows.Select((row, i) => (row, i)).Where(one => isIt(one.row)).Select(one => one.i).DefaultIfEmpty(None).First();

    // "E-post", "E-postadress:", "e_mail", "E-post (privat)" → letters only, without what stands in brackets.
    private static string Plain(string heading) =>
        string.Concat(heading.Split('(')[0].Normalize().Where(char.IsLetter)).ToLowerInvariant();
}
