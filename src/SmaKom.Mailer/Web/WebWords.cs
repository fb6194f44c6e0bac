namespace SmaKom.Mailer.Web;

/// <summary>Names the resource files of words that stand around every page: <c>WebWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class WebWords;
