using System.Runtime.InteropServices;
using System.Text.Json;

namespace Worker.Transfer;

/// <summary>
/// Writes the details of a Version without the credentials in it, at any depth: what such a name says they are is not
/// written. A parameter of a function that has such a name is none: it stands under <c>properties</c>.
/// </summary>
internal sealed class Credentials
{
    private const string Schema = "properties";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "apikey", "apikeys", "providerapikey", "providerapikeys", "xapikey", "apitoken",
        "authorization", "proxyauthorization", "auth", "authtoken",
        "accesstoken", "refreshtoken", "bearertoken", "idtoken", "sessiontoken",
        "secret", "secrets", "clientsecret", "secretkey", "secretaccesskey",
        "awssecretaccesskey", "awsaccesskeyid", "accesskey", "accesskeyid", "password", "passwd",
        "credential", "credentials", "privatekey", "subscriptionkey", "ocpapimsubscriptionkey",
        "cookie", "connectionstring",
    };

    /// <summary>How many were left out so far.</summary>
    public long Dropped { get; private set; }

    /// <summary>Spelled in any case, with whatever between its words; also at the end of a longer name.</summary>
    public static bool IsName(string name)
    {
        var letters = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Names.Contains(letters)
            || letters.EndsWith("apikey", StringComparison.Ordinal)
            || letters.EndsWith("apikeys", StringComparison.Ordinal);
    }

    public void Write(Utf8JsonWriter writer, JsonElement value) => Write(writer, value, isSchema: false);

    public void Write(Utf8JsonWriter writer, JsonProperty property)
    {
        if (!IsDropped(property))
            WriteMember(writer, property);
    }

    /// <summary>Null is as good as nothing, and not counted.</summary>
    private bool IsDropped(JsonProperty property)
    {
        if (!IsName(property.Name))
            return false;
        Dropped += property.Value.ValueKind == JsonValueKind.Null ? 0 : 1;
        return true;
    }

    private void Write(Utf8JsonWriter writer, JsonElement value, bool isSchema)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var named = Json.Text(value, "name") ?? Json.Text(value, "key");
                foreach (var property in value.EnumerateObject())
                {
                    // A header as a pair: {"name": "Authorization", "value": …}.
                    if (property.NameEquals("value") && named is not null && IsName(named))
                        Dropped++;
                    else if (isSchema || !IsDropped(property))
                        WriteMember(writer, property);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item, isSchema: false);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
                break;
        }
    }

    private void WriteMember(Utf8JsonWriter writer, JsonProperty property)
    {
        writer.WritePropertyName(property.Name);
        Write(writer, property.Value, isSchema: property.NameEquals(Schema));
    }
}
