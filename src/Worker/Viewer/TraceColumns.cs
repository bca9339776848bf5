using System.Text.Json;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// A trace as columns, a row for each Log in the order in which they are shown: small, and read by a browser at once.
/// Instants are microseconds since the Unix epoch.
/// </summary>
internal static class TraceColumns
{
    private const int FlushAt = 64 * 1024;

    public static async Task WriteAsync(Stream output, TraceOverview trace, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(output, PageJson.Options);
        var rows = new int[trace.Shape.Count];
        foreach (var (row, line) in trace.Lines.Index())
            rows[line.Place] = row;
        var paths = trace.Logs.Select(log => log.Path ?? "").Distinct(StringComparer.Ordinal).ToList();
        var pathOf = paths.Index().ToDictionary(each => each.Item, each => each.Index, StringComparer.Ordinal);

        writer.WriteStartObject();
        WriteHead(writer, trace);
        writer.WriteStrings("kinds", Enum.GetValues<LogKind>().Select(kind => kind.WireName()));
        writer.WriteStrings("paths", paths);
        await ColumnAsync("id", (line, to) => to.WriteStringValue(trace.Shape.Ids[line.Place]));
        await ColumnAsync("parent", (line, to) => to.WriteNumberValue(
            trace.Shape[line.Place].Parent is >= 0 and var parent ? rows[parent] : -1));
        await ColumnAsync("depth", (line, to) => to.WriteNumberValue(line.Depth));
        await ColumnAsync("kind", (line, to) => to.WriteNumberValue((int)trace.Shape[line.Place].Kind));
        await ColumnAsync("path", (line, to) => to.WriteNumberValue(pathOf[trace.Logs[line.Place].Path ?? ""]));
        await ColumnAsync("start", (line, to) => to.WriteNumberOrNullValue(Span(line).Start));
        await ColumnAsync("end", (line, to) => to.WriteNumberOrNullValue(Span(line).End));
        await ColumnAsync("flags", (line, to) => to.WriteNumberValue(Flags(trace.Logs[line.Place])));
        await ColumnAsync("cost", (line, to) => to.WriteNumberOrNullValue(trace.Logs[line.Place].Cost));
        await ColumnAsync("tokens", (line, to) => to.WriteNumberOrNullValue(trace.Logs[line.Place].Tokens));
        writer.WriteStartArray("verdicts");
        foreach (var (place, verdict) in trace.Verdicts)
            VerdictJson.Write(writer, verdict, rows[place]);
        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);

        LogSpan Span(TraceLine line) => trace.Shape[line.Place].Kind == LogKind.Flow
            ? trace.Shape.SpanOf(line.Place)
            : trace.Shape[line.Place].Own;

        async Task ColumnAsync(string name, Action<TraceLine, Utf8JsonWriter> write)
        {
            writer.WriteStartArray(name);
            foreach (var line in trace.Lines)
            {
                write(line, writer);
                if (writer.BytesPending > FlushAt)
                    await writer.FlushAsync(cancellationToken);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteHead(Utf8JsonWriter writer, TraceOverview trace)
    {
        writer.WriteString("head", trace.Head.Id);
        writer.WriteBoolean("part", trace.IsPart);
        writer.WriteBoolean("complete", trace.Head.IsComplete);
        writer.WriteString("state", trace.Run is { } run ? EnumName<RunState>.Of(run.State) : null);
        writer.WriteNumber("revision", trace.Run?.Revision ?? 0);
        writer.WriteString("waiting_for", trace.Run?.WaitingFor);
    }

    /// <summary>1 it had an error, 2 it is not finished, 4 something about it was odd.</summary>
    private static int Flags(OverviewLog log) =>
        (log.HadError ? 1 : 0) | (log.IsComplete ? 0 : 2) | (log.HasProblems ? 4 : 0);
}
