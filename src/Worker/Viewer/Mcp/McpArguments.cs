using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Front;

namespace Worker.Viewer.Mcp;

/// <summary>
/// What a tool is called with. Null and the empty text are as good as nothing, and a number may come as text. Throws
/// <see cref="RefusedRequestException"/>, as soon as it is made where an argument is none of the tool's.
/// </summary>
internal sealed class McpArguments
{
    private readonly IDictionary<string, JsonElement> _given;

    /// <param name="schema">Of the tool; has <c>properties</c>.</param>
    public McpArguments(IDictionary<string, JsonElement>? given, JsonElement schema)
    {
        _given = given ?? new Dictionary<string, JsonElement>();
        var known = schema.GetProperty("properties").EnumerateObject().Select(each => each.Name).ToList();
        if (_given.Keys.Any(name => !known.Contains(name)))
            throw Bad($"There is an argument that this tool does not have; it has {string.Join(", ", known)}");
    }

    public string? Text(string name)
    {
        if (!_given.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Bad($"{name} has to be a text");
        return value.GetString() is { Length: > 0 } text ? text : null;
    }

    public string Required(string name) => Text(name) ?? throw Bad($"{name} is missing; say it as a text");

    public int Number(string name, int least, int most, int usual)
    {
        if (!_given.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return usual;
        var isRead = value.ValueKind == JsonValueKind.String
            ? int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            : TryRead(value, out number);
        return isRead && number >= least && number <= most
            ? number
            : throw Bad($"{name} has to be a whole number from {least} to {most}");
    }

    private static bool TryRead(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }

    public static RefusedRequestException Bad(string sentence) => new(StatusCodes.Status400BadRequest, sentence);
}
