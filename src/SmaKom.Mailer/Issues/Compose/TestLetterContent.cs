using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What a test letter is made of, kept with it until it has been sent.</summary>
public sealed record TestLetterContent(string Slug, IssueContent Content);
