namespace SmaKom.Mailer.Timelines;

/// <summary>Names the resource files of the words of one person's timeline: <c>TimelineWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class TimelineWords;
