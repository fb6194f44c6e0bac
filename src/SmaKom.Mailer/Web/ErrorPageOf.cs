namespace SmaKom.Mailer.Web;

/// <summary>
/// The component that shows an error to whoever made the request, with the parameters of <see cref="ErrorPage"/>; null: that one itself.
/// </summary>
public delegate Type? ErrorPageOf(HttpContext context);
