namespace SmaKom.Mailer.Web;

/// <summary>The form of a request that no antiforgery token was asked of: nobody has read it before.</summary>
public static class SentForm
{
    /// <returns>Null: the body is no form, or a damaged one.</returns>
    /// <exception cref="BadHttpRequestException">It is too long.</exception>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType) return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return null;
        }
    }
}
