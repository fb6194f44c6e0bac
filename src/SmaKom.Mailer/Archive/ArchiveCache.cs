using System.Globalization;
using Microsoft.AspNetCore.OutputCaching;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Archive;

/// <summary>
/// Pages and files that are the same for all who read are made once, and again when the <see cref="ArchiveStamp"/> has changed. Only for what
/// holds no form with a token, and nothing of whoever asks.
/// </summary>
internal sealed class ArchiveCache : IOutputCachePolicy
{
    public const string Name = "archive";

    /// <summary>In octets, for all of it together; what is asked for least goes first.</summary>
    private const int Size = 32 << 20, LargestPage = 2 << 20;

    private static readonly string[] Keys = [ArchiveSearch.QueryKey, ArchiveSearch.PageKey];

    public static void Add(IServiceCollection services) => services.AddOutputCache(options =>
    {
        (options.SizeLimit, options.MaximumBodySize, options.DefaultExpirationTimeSpan) = (Size, LargestPage, TimeSpan.FromHours(1));
        options.AddPolicy(Name, new ArchiveCache());
    });

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        context.EnableOutputCaching = true;
        // The link to the other language repeats the whole query: what else stands in it is one reader's. A choice of language is answered with a
        // cookie, by this very answer.
        context.AllowCacheLookup = context.AllowCacheStorage = HttpMethods.IsGet(http.Request.Method)
            && http.Request.Query.Keys.All(Keys.Contains);
        // Who waits for another to make a page would share the failure when that one goes away.
        context.AllowLocking = false;
        var state = await http.RequestServices.GetRequiredService<ArchiveStamp>().GetAsync(cancellation);
        var vary = context.CacheVaryByRules;
        vary.QueryKeys = Keys;
        vary.VaryByValues["archive"] = state.Word;
        vary.VaryByValues["language"] = CultureInfo.CurrentUICulture.Name;
        EntityTag.Mark(http, state.ChangedAt);
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var answer = context.HttpContext.Response;
        if (answer.StatusCode != StatusCodes.Status200OK || answer.Headers.SetCookie.Count > 0) context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }
}
