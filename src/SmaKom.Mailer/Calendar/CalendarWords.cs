namespace SmaKom.Mailer.Calendar;

/// <summary>Names the resource files of words about times: <c>CalendarWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class CalendarWords;
