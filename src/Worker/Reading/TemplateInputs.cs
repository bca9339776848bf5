using System.Text.Json;
using System.Text.RegularExpressions;

namespace Worker.Reading;

/// <summary>The names that a Prompt's template asks for, as <c>{{name}}</c>, each once, in their order.</summary>
internal static partial class TemplateInputs
{
    /// <param name="template">A text, or a list of messages with texts in them.</param>
    public static IReadOnlyList<string> Find(JsonElement template) =>
    [
        .. Texts(template).SelectMany(text => Name().Matches(text).Select(match => match.Groups[1].Value))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The text with what stands for each name, put in once and not looked at for names.</summary>
    public static string Fill(string text, Func<string, string> value) =>
        Name().Replace(text, match => value(match.Groups[1].Value));

    private static IEnumerable<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    [GeneratedRegex(@"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
