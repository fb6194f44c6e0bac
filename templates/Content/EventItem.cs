using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>
/// Something to attend. One entry gives the block in the letter, the calendar file and the archive page.
/// Dates and times are local (the site's zone): an event does not move when the server does.
/// </summary>
public sealed record EventItem : Block
{
    public required string Name { get; init; }

    /// <summary>The first day; 0001-01-01 in a draft that has none yet.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>The last day, when it is not the first.</summary>
    public DateOnly? End { get; init; }

    public TimeOnly? StartTime { get; init; }

    /// <summary>On the last day.</summary>
    public TimeOnly? EndTime { get; init; }

    public string? Place { get; init; }

    /// <summary>http or https.</summary>
    public string? Link { get; init; }

    /// <summary>Words of the link; by default "Program och anmälan" with the event's name after it.</summary>
    public string? LinkText { get; init; }

    public DateOnly? SignUpBy { get; init; }

    /// <summary>Markdown, as <see cref="Article.Body"/>.</summary>
    public string? Body { get; init; }

    public Picture? Picture { get; init; }

    [JsonIgnore]
    public override bool IsEmpty => string.IsNullOrWhiteSpace(Name + Place + Link + Body) && Start == default && Picture is null;
}
