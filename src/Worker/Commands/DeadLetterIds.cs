using System.Text.Json;

namespace Worker.Commands;

/// <summary>
/// Ids of dead letters as a file lists them: one a line, alone or as the object that <c>list --json</c> prints.
/// </summary>
internal static class DeadLetterIds
{
    /// <summary>The ids; or what is wrong with the file, as a sentence.</summary>
    /// <param name="path">Of the file; <c>-</c> is standard input.</param>
    public static async Task<(HashSet<string>? Ids, string? Fault)> ReadAsync(
        Terminal terminal, string path, CancellationToken cancellationToken)
    {
        if (path != "-" && !File.Exists(path))
            return (null, $"There is no file {path}; name a file of ids, or - for standard input.");
        using var reader = new StreamReader(path == "-" ? terminal.Input : File.OpenRead(path));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            var text = line.Trim();
            if (text.Length == 0)
                continue;
            if (IdIn(text) is not { } id)
            {
                return (
                    null, $"{path}, line {number} names no letter; each line is an id, or what list --json prints.");
            }

            ids.Add(id);
        }

        return ids.Count == 0 ? (null, $"{path} names no letter.") : (ids, null);
    }

    private static string? IdIn(string text)
    {
        if (text[0] != '{')
            return text.Any(char.IsWhiteSpace) ? null : text;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty("dead_letter_id", out var id) && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
