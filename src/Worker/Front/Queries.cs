using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// What a request asks for behind its question mark; of one that is given twice the last counts, and an empty one is as
/// good as none. Throws <see cref="RefusedRequestException"/>.
/// </summary>
internal static class Queries
{
    public const int DefaultSize = 10;
    public const int MaxSize = 100;

    public static string? Text(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out var values) && values is [.., { Length: > 0 } last] ? last : null;

    public static string Required(HttpRequest request, string name) =>
        Text(request, name) ?? throw new RefusedRequestException(Invalid.Missing("query", name));

    /// <summary>All that are given, of a name that may be repeated.</summary>
    public static IReadOnlyList<string> Texts(HttpRequest request, string name) =>
        [.. request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    public static (int Page, int Size) Page(HttpRequest request) => (
        Number(request, "page", 1, int.MaxValue) ?? 1, Number(request, "size", 0, MaxSize) ?? DefaultSize);

    public static int? Number(HttpRequest request, string name, int least, int most)
    {
        if (Text(request, name) is not { } text)
            return null;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Bad(name, "a whole number", "type_error.integer");
        if (number < least)
            throw Bad(name, $"{least} or more", "value_error.number.not_ge");
        return number <= most ? number : throw Bad(name, $"{most} or less", "value_error.number.not_le");
    }

    public static bool? Flag(HttpRequest request, string name) =>
        Text(request, name) is { } text ? Flag(name, text) : null;

    /// <summary>Null where nothing is asked, and where both are.</summary>
    public static bool? AnyFlag(HttpRequest request, string name)
    {
        var asked = Texts(request, name).Select(text => Flag(name, text)).Distinct().ToList();
        return asked.Count == 1 ? asked[0] : null;
    }

    /// <summary>A date in any of the forms that a message may have it in; a plus that came as a space is one.</summary>
    public static long? Date(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text)
            return null;
        return Timestamps.Parse(text)
            ?? (text.LastIndexOf(' ') is > 10 and var plus
                ? Timestamps.Parse($"{text[..plus]}+{text[(plus + 1)..]}")
                : null)
            ?? LenientDate.Read(JsonTokenType.Number, JsonValue.Parse(text))
            ?? throw Bad(name, "a date, such as 2026-01-02T03:04:05Z, or seconds since 1970", "value_error.datetime");
    }

    /// <summary>One of those words, in any case.</summary>
    public static string? Choice(HttpRequest request, string name, params ReadOnlySpan<string> accepted)
    {
        if (Text(request, name) is not { } text)
            return null;
        foreach (var word in accepted)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return word;
        }

        throw Bad(name, string.Join(" or ", accepted!), "type_error.enum");
    }

    private static bool Flag(string name, string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "ON" => true,
        "FALSE" or "0" or "NO" or "OFF" => false,
        _ => throw Bad(name, "true or false", "type_error.bool"),
    };

    private static RefusedRequestException Bad(string name, string accepted, string type) =>
        new(new Invalid(["query", name], $"{name} has to be {accepted}", type));
}
