namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>What somebody typed that could not be saved as it is: the page shows it again.</summary>
/// <param name="Kind">A <see cref="NewBlock"/>: what it becomes if its part is gone.</param>
public sealed record TypedPart(string Part, string Kind, IReadOnlyDictionary<string, string> Fields, SaveAnswer Answer);
