using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Demo;

/// <summary>Invented people of invented municipalities, the same on every machine.</summary>
internal static class SamplePeople
{
    /// <summary>The sample inbox refuses every address of this domain for good (550).</summary>
    public const string RefusingDomain = "avvisar.example";

    /// <summary>The sample inbox puts the first attempt to this domain off (451).</summary>
    public const string DeferringDomain = "senare.example";

    /// <summary>Those who get the next issue.</summary>
    public const int Active = 200;

    private static readonly string[] Municipalities =
    [
        "Alvhed", "Björknäs", "Brännvallen", "Djupforsa", "Falkmora", "Gransele", "Gråböle", "Harsjö", "Hedeskoga", "Insjönäs", "Järvberga",
        "Kallfors", "Klövsta",
        "Lillsund", "Mossvattnet", "Norrlyckan", "Orrbacken", "Rislunda", "Skogsbro", "Stenshamn", "Svartnäs", "Tallmora", "Tranehult", "Vinterås",
        "Örtofta",
    ];

    private static readonly string[] FirstNames =
    [
        "Anna", "Björn", "Cecilia", "David", "Eva", "Fredrik", "Gunilla", "Håkan", "Ingrid", "Jonas", "Karin", "Lars", "Märta", "Nils", "Olivia",
        "Pär",
        "Ragnhild", "Sören", "Tove", "Ulf", "Viktoria", "Yusuf", "Åsa", "Örjan", "Amina", "Erik", "Siv", "Mats", "Linnéa", "Rolf",
    ];

    private static readonly string[] LastNames =
    [
        "Ahlgren", "Berg", "Dahlqvist", "Ek", "Forsmark", "Granström", "Hellberg", "Isaksson", "Järnberg", "Kvist", "Lindgård", "Moberg", "Norén",
        "Öhman",
        "Palmgren", "Rönnlund", "Sjöstrand", "Tjäder", "Västerlund", "Wiklund", "Åkesson", "Ödman", "Haddad", "Nguyen", "Sandell", "Brolin", "Hägg",
    ];

    /// <summary><see cref="Active"/> people, one who has left and one who has not confirmed yet.</summary>
    public static IEnumerable<Subscriber> All(DateTimeOffset joined)
    {
        for (var i = 0; i < Active; i++) yield return Person(i, joined);
        yield return Person(Active, joined,
            subscriber => (subscriber.Status, subscriber.LeftAt) = (SubscriberStatus.Unsubscribed, joined.AddDays(40)));
        yield return Person(Active + 1, joined,
            subscriber => (subscriber.Status, subscriber.LegalBasis, subscriber.ConfirmedAt) = (SubscriberStatus.Pending, LegalBasis.Consent, null));
    }

    private static Subscriber Person(int i, DateTimeOffset joined, Action<Subscriber>? change = null)
    {
        // The lists' lengths have no common factor, so that a name comes again only after 810 people.
        var (first, last, municipality) =
            (FirstNames[i % FirstNames.Length], LastNames[(i * 7 + i / FirstNames.Length) % LastNames.Length],
                Municipalities[i * 11 % Municipalities.Length]);
        var domain = i switch
        {
            17 or 93 or 151 => RefusingDomain,
            29 or 64 or 118 or 187 => DeferringDomain,
            _ => $"{municipality.ToLowerInvariant()}.example",
        };
        var address = EmailAddress.Parse($"{Plain(first)}.{Plain(last)}@{domain}");
        var signedUp = i % 4 == 3;
        var subscriber = new Subscriber
        {
            Email = address.Text,
            EmailKey = address.Key,
            Domain = address.Domain,
            Name = $"{first} {last}",
            Municipality = municipality,
            Language = i % 50 == 49 ? "en" : "sv",
            Format = i % 20 == 11 ? LetterFormat.Text : LetterFormat.Html,
            Status = SubscriberStatus.Active,
            LegalBasis = signedUp ? LegalBasis.Consent : LegalBasis.Member,
            CreatedAt = joined.AddHours(i),
            ConfirmedAt = signedUp ? joined.AddHours(i + 1) : null,
        };
        change?.Invoke(subscriber);
        return subscriber;
    }

    // Local parts in ASCII: åäö before the @ needs SMTPUTF8, which not every relay offers. Domains may have them (IDN).
    private static string Plain(string name) =>
        string.Concat(name.ToLowerInvariant().Normalize(System.Text.NormalizationForm.FormD).Where(char.IsAsciiLetter));
}
