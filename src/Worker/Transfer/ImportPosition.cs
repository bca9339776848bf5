using System.Text.Json;

namespace Worker.Transfer;

/// <summary>
/// How far an import has come, in a file: what stands before is durable where it was sent. It is of one destination,
/// and of one answer to whether it is judged; any other import begins from the start.
/// </summary>
internal sealed class ImportPosition(string path, string destination, bool judge)
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The file of Logs, relative to the export, and its last line that was sent; null: nothing was.</summary>
    public (string File, long Line)? Read()
    {
        if (!File.Exists(path))
            return null;
        var stored = Parse(File.ReadAllBytes(path));
        return stored?.File is { } file && stored.Destination == destination && stored.Judge == judge
            ? (file, stored.Line)
            : null;
    }

    /// <summary>What says nothing that can be read is as good as none: to begin from the start is harmless.</summary>
    private static Stored? Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<Stored>(json, SnakeCase);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string file, long line)
    {
        var beside = path + ".tmp";
        var stored = new Stored(destination, judge, file, line);
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(stored, SnakeCase));
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>All was sent: the next import begins from the start.</summary>
    public void Clear() => File.Delete(path);

    private sealed record Stored(string Destination, bool Judge, string? File, long Line);
}
