using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace SmaKom.Mailer.Database;

/// <summary>ASP.NET Core's Data Protection keys, in the database that all processes share: a form shown by one is accepted by another, also after a restart.</summary>
public sealed class KeyRing(NpgsqlDataSource source) : IXmlRepository
{
    public static void Add(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("SmaKom.Mailer");
        services.AddOptions<KeyManagementOptions>().Configure((KeyManagementOptions options, NpgsqlDataSource source) => options.XmlRepository = new KeyRing(source));
    }

    // The interface is synchronous; it is called once at start and once in a key's life.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var select = source.CreateCommand("SELECT xml FROM data_protection_key ORDER BY id");
        using var rows = select.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read())
            keys.Add(XElement.Parse(rows.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var insert = source.CreateCommand("INSERT INTO data_protection_key (friendly_name, xml) VALUES (@name, @xml)");
        insert.Parameters.AddWithValue("name", friendlyName);
        insert.Parameters.AddWithValue("xml", element.ToString(SaveOptions.DisableFormatting));
        insert.ExecuteNonQuery();
    }
}
