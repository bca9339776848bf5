using System.Text.Json.Nodes;

namespace Worker.Tests.Front.Otlp;

/// <summary>Exports in the protocol's JSON, of which a test names only what it is about.</summary>
internal static class Export
{
    public const string Trace = "5b8efff798038103d269b633813fc60c";

    public static string Of(params JsonObject[] spans) => For("shop", spans);

    public static string For(string service, params JsonObject[] spans) => new JsonObject
    {
        ["resourceSpans"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Attribute("service.name", service)) },
            ["scopeSpans"] = new JsonArray(new JsonObject
            {
                ["scope"] = new JsonObject { ["name"] = "library", ["version"] = "1" }, ["spans"] = new JsonArray([.. spans]),
            }),
        }),
    }.ToJsonString();

    /// <param name="id">A number, which becomes the span's id.</param>
    /// <param name="parent">0 for none.</param>
    public static JsonObject Span(int id, int parent, string name, params (string Key, object Value)[] attributes)
    {
        var span = new JsonObject
        {
            ["traceId"] = Trace,
            ["spanId"] = Id(id),
            ["name"] = name,
            ["kind"] = 1,
            ["startTimeUnixNano"] = "1767323045000000000",
            ["endTimeUnixNano"] = "1767323046500000000",
            ["attributes"] = new JsonArray([.. attributes.Select(attribute => Attribute(attribute.Key, attribute.Value))]),
        };
        if (parent > 0)
            span["parentSpanId"] = Id(parent);
        return span;
    }

    public static JsonObject With(this JsonObject span, string member, JsonNode value)
    {
        span[member] = value;
        return span;
    }

    public static JsonObject Event(string name, params (string Key, object Value)[] attributes) => new()
    {
        ["name"] = name, ["timeUnixNano"] = "1767323045000000001", ["attributes"] = new JsonArray([.. attributes.Select(attribute => Attribute(attribute.Key, attribute.Value))]),
    };

    /// <summary>The value of an attribute that is a list.</summary>
    public static string[] List(params string[] texts) => texts;

    public static string Id(int id) => id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    public static string Log(int id) => Worker.Traces.DerivedIds.LogOfSpan(Trace, Id(id));

    private static JsonObject Attribute(string key, object value) => new() { ["key"] = key, ["value"] = Value(value) };

    private static JsonObject Value(object value) => value switch
    {
        string text => new JsonObject { ["stringValue"] = text },
        bool flag => new JsonObject { ["boolValue"] = flag },
        int number => new JsonObject { ["intValue"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        double number => new JsonObject { ["doubleValue"] = number },
        string[] texts => new JsonObject { ["arrayValue"] = new JsonObject { ["values"] = new JsonArray([.. texts.Select(Value)]) } },
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
