namespace SmaKom.Mailer.Relays;

/// <summary>Names the resource files of the pages about relays and limits: <c>RelayWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class RelayWords;
