namespace SmaKom.Mailer.Templates.Content;

/// <summary>One structural fault.</summary>
/// <param name="Path">Where, as in the JSON: <c>sections[2].blocks[0].heading</c>.</param>
/// <param name="Key">Which: a key in ContentProblems.resx.</param>
public sealed record ContentProblem(string Path, string Key)
{
    /// <summary>The fault in words.</summary>
    /// <param name="language">"sv" or "en".</param>
    public string Text(string language) => Words.Problems.Get(Key, language);
}
