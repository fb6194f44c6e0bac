namespace SmaKom.Mailer.Bounces;

/// <summary>Names the resource files of the pages about returned mail: <c>BounceWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class BounceWords;
