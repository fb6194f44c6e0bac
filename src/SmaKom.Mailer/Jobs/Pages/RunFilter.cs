using Npgsql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>Which runs a page is about: its address says it, so that it can be kept and passed on.</summary>
/// <param name="State">A <see cref="JobRunState"/> in small letters, or null for all.</param>
/// <param name="Search">In what it ran for, and in the cause of failure, in any case.</param>
public sealed record RunFilter(string? State, string? Job, string? Node, string? Cause, string? Search)
{
    public static RunFilter From(IFormCollection form) =>
        new(Word(form["lage"]), Word(form["jobb"]), Word(form["nod"]), Word(form["orsak"]), Word(form["sok"]));

    public RunFilter Cleaned() => new(Word(State), Word(Job), Word(Node), Word(Cause), Word(Search));

    public bool IsEmpty => this == new RunFilter(null, null, null, null, null);

    /// <summary>Name and value of each part that is set, as in the address.</summary>
    public IEnumerable<(string Name, string Value)> Parts()
    {
        (string, string?)[] all = [("lage", State), ("jobb", Job), ("nod", Node), ("orsak", Cause), ("sok", Search)];
        return all.Where(part => part.Item2 is not null).Select(part => (part.Item1, part.Item2!));
    }

    /// <summary>The address of a page for these runs.</summary>
    public string At(string path, params (string Name, string Value)[] more)
    {
        var query = string.Join('&', Parts().Concat(more).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>The conditions in SQL, each after <c>AND</c>, with its parameters added to the command.</summary>
    internal string Where(NpgsqlParameterCollection parameters)
    {
        var sql = "";
        if (State is not null) Add("state = @state", new("state", EnumWord.Read<JobRunState>(State)));
        if (Job is not null) Add("job = @job", new("job", Job));
        if (Node is not null) Add("node = @node", new("node", Node));
        if (Cause is not null) Add("cause = @cause", new("cause", Cause));
        if (Search is not null)
            Add("(key ILIKE @search OR cause ILIKE @search)",
                new("search", $"%{Search.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%"));
        return sql;

        void Add(string condition, NpgsqlParameter parameter)
        {
            sql += $"\n    AND {condition}";
            parameters.Add(parameter);
        }
    }

    private static string? Word(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
