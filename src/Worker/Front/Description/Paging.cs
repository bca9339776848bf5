using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>What every list is asked for.</summary>
internal static class Paging
{
    public static IEnumerable<Parameter> Parameters =>
    [
        Parameter.Query("page", "Counted from 1.", Bounded(1, null, 1)),
        Parameter.Query("size", "Of a page.", Bounded(0, Queries.MaxSize, Queries.DefaultSize)),
    ];

    private static JsonObject Bounded(int least, int? most, int otherwise)
    {
        var schema = Schema.Integer();
        schema["minimum"] = least;
        if (most is not null)
            schema["maximum"] = most;
        schema["default"] = otherwise;
        return schema;
    }
}
