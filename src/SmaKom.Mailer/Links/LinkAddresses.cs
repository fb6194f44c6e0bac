using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Links;

/// <summary>The addresses that letters carry. Stable for ever once a letter has carried them.</summary>
public sealed class LinkAddresses(IOptions<SiteOptions> site)
{
    /// <summary>In the address of the receipt's link.</summary>
    public const string ReceiptField = "kvitto";

    private readonly string root = site.Value.PublicUrl;

    public string Unsubscribe(string token) => $"{root}/avsluta/{token}";
    /// <summary>The page of <see cref="Unsubscribe"/> for whoever has left and may undo it.</summary>
    public string Undo(string token) => $"{Unsubscribe(token)}?{ReceiptField}";
    public string Preferences(string token) => $"{root}/uppgifter/{token}";
    public string MyData(string token) => $"{root}/mina-uppgifter/{token}";
    public string Letter(string token) => $"{root}/brev/{token}";
    public string Media(string id) => root + MediaPath(id);

    /// <summary>On a page of ours: pictures are shown under whatever name the page is reached by.</summary>
    public static string MediaPath(string id) => $"/bild/{id}";

    public string Confirm(string token) => $"{root}/bekrafta/{token}";
    public string ConfirmAddress(string token) => $"{root}/adress/{token}";
    public string StopAddress(string token) => $"{root}/adress/{token}/stoppa";
    public string Archive => $"{root}/arkiv";
    public string SignUp => $"{root}/prenumerera";
    public string Privacy => $"{root}/integritet";
}
