using System.Text.Json;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>A File of an export.</summary>
/// <param name="Type">In the service's words; also of what has no place here: <c>dataset</c>, <c>agent</c>.</param>
/// <param name="Path">Null where it is known by its id alone.</param>
internal sealed record ExportedFile(string Folder, string Id, string Type, string? Path)
{
    private static readonly LogKind[] Kinds = Enum.GetValues<LogKind>();

    /// <summary>Null of what has no place here.</summary>
    public LogKind? Kind => KindOf(Type);

    public static LogKind? KindOf(string type)
    {
        foreach (var kind in Kinds)
        {
            if (kind.WireName() == type)
                return kind;
        }

        return null;
    }

    /// <summary>Throws <see cref="JsonException"/> where it says not what it has to.</summary>
    public static ExportedFile Of(string folder, JsonElement file) => new(
        folder,
        Json.Text(file, "id") ?? throw new JsonException("It has no id"),
        Json.Text(file, "type") ?? throw new JsonException("It has no type"),
        Json.Text(file, "path"));
}
