using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Web;

/// <summary>
/// What a request brings is looked at once, before any page: an address or a form that holds what no table and no page can hold, or a query
/// that is not of the kind its page asks for, is answered with 400. So no page needs to think of it, a new one neither.
/// </summary>
internal static class ReadableInput
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, Func<string, bool>>> Pages = new();

    /// <summary>After routing, which says whose the request is, and what a form may hold.</summary>
    public static void UseReadableInput(this WebApplication app) => app.Use(CheckAsync);

    private static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (IsReadable(context) && await IsFormReadableAsync(context.Request, context.RequestAborted)) await next(context);
        else context.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private static bool IsReadable(HttpContext context)
    {
        var request = context.Request;
        if (!IsText(request.Path.Value) || request.Query.Any(given => !IsText(given.Key) || !given.Value.All(IsText))) return false;
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not { } page) return true;
        var known = Pages.GetOrAdd(page.Type, Typed);
        return request.Query.All(given => !known.TryGetValue(given.Key, out var reads) || given.Value.All(text => text is null || reads(text)));
    }

    // Read once for all: whoever asks for the form afterwards gets the same.
    private static async Task<bool> IsFormReadableAsync(HttpRequest request, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType) return true;
        try
        {
            return (await request.ReadFormAsync(ct)).All(field => IsText(field.Key) && field.Value.All(IsText));
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            // Too many fields, or none that can be told apart, or cut short.
            return false;
        }
    }

    /// <summary>
    /// PostgreSQL has no U+0000, half a surrogate pair has no UTF-8 form, and U+FFFE and U+FFFF are no characters (Unicode §23.7): .NET refuses to
    /// compare a text with them.
    /// </summary>
    internal static bool IsText(string? text) =>
        text is null || !text.AsSpan().ContainsAny('\uFFFE', '\uFFFF') && UnicodeText.WellFormed(text) == text;

    /// <summary>How the page's parameters of the query are read, by name; those that are text are not among them.</summary>
    private static Dictionary<string, Func<string, bool>> Typed(Type page) => page
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(property => (Query: property.GetCustomAttribute<SupplyParameterFromQueryAttribute>(), property.Name, property.PropertyType))
        .Where(one => one.Query is not null && one.PropertyType != typeof(string) && one.PropertyType != typeof(string[]))
        .ToDictionary(one => one.Query!.Name ?? one.Name, one => ReaderOf(one.PropertyType), StringComparer.OrdinalIgnoreCase);

    private static Func<string, bool> ReaderOf(Type type)
    {
        var single = type.IsArray ? type.GetElementType()! : type;
        var bare = Nullable.GetUnderlyingType(single) ?? single;
        var reads = typeof(ReadableInput).GetMethod(nameof(Reads), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(bare).CreateDelegate<Func<string, bool>>();
        return bare == single ? reads : text => text == "" || reads(text);
    }

    private static bool Reads<T>(string text) where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);
}
