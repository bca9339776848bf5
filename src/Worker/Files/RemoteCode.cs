using System.Text.Json;

namespace Worker.Files;

/// <summary>
/// Whether a worker runs what came by message or API: Evaluators that run code or call hosts. Else they are taken from
/// its own files alone.
/// </summary>
internal sealed record RemoteCode(bool IsAllowed)
{
    /// <summary>The setting.</summary>
    public const string Key = "Evaluation:AllowRemoteCode";

    /// <summary>The kinds of Evaluators that run code or call hosts, by their names here and at the service.</summary>
    private static readonly HashSet<string> Kinds =
        new(["python", "javascript", "webhook"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind of that <c>spec</c> where it is one that runs; null for any other.</summary>
    public static string? KindOf(JsonElement spec) => KindOf(spec, "kind") ?? KindOf(spec, "evaluator_type");

    private static string? KindOf(JsonElement spec, string name) =>
        spec.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { } kind && Kinds.Contains(kind)
            ? kind
            : null;
}
