namespace SmaKom.Mailer.Reports;

/// <summary>Names the resource files of the words about receipts and unknown letters: <c>ReceiptWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class ReceiptWords;
