using Microsoft.Extensions.Localization;

namespace SmaKom.Mailer.Relays;

/// <summary>Names the resource files of the pages about relays and limits: <c>RelayWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class RelayWords;

/// <summary>What is wrong with a relay, in words.</summary>
public static class RelayPhrases
{
    /// <summary>Why its last connection failed, as a sentence. The server's own words stay out: they can name a recipient.</summary>
    public static string Why(this IStringLocalizer<RelayWords> words, Relay relay) => words[$"Why.{relay.LastFailureKind ?? "Other"}"];
}
