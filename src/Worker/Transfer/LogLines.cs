using System.Runtime.CompilerServices;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>Reads the files of Logs in an export, a line at a time.</summary>
internal sealed class LogLines(
    LogMessages messages, FileFolders files, ImportCounts counts)
{
    /// <summary>A longer line is told and passed over: it holds a Log with all that is under it.</summary>
    private const int MaxLineBytes = 64 * 1024 * 1024;

    /// <param name="name">Of the file, for people.</param>
    /// <param name="file">Whose Logs they are; null where they have no File.</param>
    /// <param name="after">Up to this line it was read before.</param>
    /// <returns>The number of each line that was dealt with.</returns>
    public async IAsyncEnumerable<long> ReadAsync(
        string path,
        string name,
        ExportedFile? file,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        await foreach (var line in new LineReader(stream, MaxLineBytes).ReadAsync(cancellationToken))
        {
            if (line.Number <= after)
                continue;
            var place = $"{name} line {line.Number}";
            if (line.IsTooLong)
            {
                files.Skip(
                    place,
                    $"it is longer than {MaxLineBytes} bytes; " +
                    "the Logs under it are in the files of their own Files, too.");
            }
            else
            {
                await ImportAsync(line.Text, place, file, cancellationToken);
            }

            yield return line.Number;
        }
    }

    private async Task ImportAsync(
        ReadOnlyMemory<byte> line, string place, ExportedFile? file, CancellationToken cancellationToken)
    {
        JsonDocument json;
        try
        {
            json = Json.ParseTrace(line);
        }
        catch (JsonException exception)
        {
            files.Skip(place, Json.Reason(exception));
            return;
        }

        using (json)
        {
            foreach (var log in LogTree.Of(json.RootElement, file))
                await ImportAsync(log, place, file, cancellationToken);
        }
    }

    private async Task ImportAsync(
        LogInTree log, string place, ExportedFile? file, CancellationToken cancellationToken)
    {
        if (log.Json.ValueKind != JsonValueKind.Object || Json.Text(log.Json, "id") is not { } id)
        {
            files.Skip(place, "a Log in it is no object with an id.");
            return;
        }

        if (log.Type == "agent")
        {
            counts.AgentLogs++;
            return;
        }

        if (log.Type is null || ExportedFile.KindOf(log.Type) is not { } kind)
        {
            files.Skip(
                $"{place}, Log {id}",
                "it shows neither tool, prompt, flow nor evaluator, which would say what kind of Log it is.");
            return;
        }

        var shown = Json.Member(log.Json, log.Type);
        if (shown is { } version)
            await files.ShownAsync(kind, version, $"{place}, Log {id}", cancellationToken);
        _ = kind == LogKind.Evaluator ? counts.Verdicts++ : counts.Logs++;
        foreach (var made in messages.Of(kind, id, log.Json, shown, file, log.Above, log.Judged))
            await files.TakeAsync(made, $"{place}, Log {id}", cancellationToken);
    }
}
