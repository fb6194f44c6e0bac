using SmaKom.Mailer.Links;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>The links that a person's letters carry, and what following them did.</summary>
public static class SubscriberLinks
{
    public static string UnsubscribePath(this TestHost host, long subscriberId, int issueId = 0, short list = 1) =>
        host.PathOf("/avsluta/", LinkPurpose.Unsubscribe, subscriberId, issueId, list);
    public static string DetailsPath(this TestHost host, long subscriberId) => host.PathOf("/uppgifter/", LinkPurpose.Preferences, subscriberId, 0);
    public static string LetterPath(this TestHost host, long subscriberId, int issueId) =>
        host.PathOf("/brev/", LinkPurpose.Letter, subscriberId, issueId);

    /// <summary>As mailed on request; expires after <paramref name="hours"/>.</summary>
    public static string MyDataPath(this TestHost host, long subscriberId, double hours = 24) => "/mina-uppgifter/"
        + host.Get<LinkSigner>().TokenUntil(LinkPurpose.MyData, subscriberId, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours));

    public static Task<string> StatusAsync(this TestDatabase database, long subscriberId) =>
        database.ScalarAsync<string>("SELECT status::text FROM subscriber WHERE id = @id", new Npgsql.NpgsqlParameter("id", subscriberId));

    private static string PathOf(this TestHost host, string start, LinkPurpose purpose, long subscriberId, int issueId, short list = 1) =>
        start + host.Get<LinkSigner>().Token(purpose, new(subscriberId, issueId, list));
}
