using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace SmaKom.Mailer.Privacy.MyData;

/// <summary>The form of <see cref="MyDataFile"/> as a JSON schema (draft 2020-12), made from the types: it cannot lag behind.</summary>
public static class MyDataSchema
{
    public const string Path = "/mina-uppgifter/format.json";

    /// <summary>How the file is written.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Text { get; } = Make().ToJsonString(Options);

    private static JsonObject Make()
    {
        var schema = Options.GetJsonSchemaAsNode(typeof(MyDataFile), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) =>
            {
                var described = (ICustomAttributeProvider?)context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
                var words = described.GetCustomAttributes(typeof(DescriptionAttribute), false).Cast<DescriptionAttribute>().FirstOrDefault();
                if (words is not null && node is JsonObject known) known.Insert(0, "description", words.Description);
                return node;
            },
        }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema;
    }
}
