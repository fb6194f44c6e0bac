namespace SmaKom.Mailer.Templates;

/// <summary>One variant, ready to be MIME-encoded once and spliced per person. Line ends are LF.</summary>
public sealed record RenderedLetter(string Subject, string Html, string Text);
