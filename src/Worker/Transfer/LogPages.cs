using Worker.Reading;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>
/// Writes Logs into the numbered files of a folder, a line each, as <c>GET /v5/logs</c> with
/// <c>include_trace_children</c> shows them.
/// </summary>
internal sealed class LogPages : IAsyncDisposable
{
    private static readonly LogJsonStyle Style = new() { ForClients = true };

    private readonly string _folder;
    private readonly TraceReader _traces;
    private WholeFile? _file;
    private int _files;
    private int _lines;

    /// <summary>Makes the folder, without what an export that was ended early has left in it.</summary>
    public LogPages(string folder, TraceReader traces)
    {
        _folder = folder;
        _traces = traces;
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, "*.jsonl*").ToList())
            File.Delete(left);
    }

    /// <returns>False where it was deleted meanwhile.</returns>
    public async Task<bool> AddAsync(Log log, CancellationToken cancellationToken)
    {
        if (await _traces.ReadAsync(log.Id, cancellationToken) is not { } read)
            return false;

        // What is under a Log is in the files of its own File, too: so a trace that is large need not be in one line.
        var view = log.Kind == LogKind.Flow && !read.IsLarge ? read : read.WithoutChildren();
        _file ??= new(Path.Combine(_folder, ExportLayout.LogsFile(++_files)));
        await LogJson.WriteAsync(
            _file.Stream,
            view,
            _traces.EntriesAsync(view, cancellationToken).Select(ShownLog.Of),
            Style,
            cancellationToken);
        _file.Stream.WriteByte((byte)'\n');
        if (++_lines == ExportLayout.LogsInFile)
            await CompleteAsync();
        return true;
    }

    /// <summary>The last file is there.</summary>
    public async Task CompleteAsync()
    {
        if (_file is null)
            return;
        await _file.CompleteAsync();
        (_file, _lines) = (null, 0);
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
