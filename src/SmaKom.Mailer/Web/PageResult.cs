using Microsoft.AspNetCore.Http.HttpResults;

namespace SmaKom.Mailer.Web;

/// <summary>
/// A component as the answer of a plain endpoint: for addresses where one method gives a page and another does not,
/// as <c>/avsluta/{token}</c>, whose POST must work without cookie and antiforgery token.
/// </summary>
public static class PageResult
{
    public static RazorComponentResult<Shell> Of<TPage>(int status = StatusCodes.Status200OK, params (string Name, object? Value)[] parameters) =>
        Of(typeof(TPage), status, parameters);

    public static RazorComponentResult<Shell> Of(Type page, int status, params (string Name, object? Value)[] parameters) =>
        new(new Dictionary<string, object?>
        {
            [nameof(Shell.Page)] = page,
            [nameof(Shell.Layout)] = LayoutOf(page),
            [nameof(Shell.Parameters)] = parameters.ToDictionary(p => p.Name, p => p.Value),
        })
        { StatusCode = status, PreventStreamingRendering = true };

    private static Type LayoutOf(Type page) =>
        page.GetCustomAttributes(typeof(Microsoft.AspNetCore.Components.LayoutAttribute), inherit: true)
            .Cast<Microsoft.AspNetCore.Components.LayoutAttribute>().FirstOrDefault()?.LayoutType ?? typeof(PublicLayout);
}
