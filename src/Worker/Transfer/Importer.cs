using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Publishing;

namespace Worker.Transfer;

/// <summary>
/// Turns an export of the service into messages, and sends them where messages are published. Files first, then the
/// Logs of each, a line at a time. What cannot be read is told and passed over. Made again, it changes nothing.
/// </summary>
internal sealed class Importer(
    IMessageDestination destination, IOptions<IngestionOptions> options, Masker masker, TimeProvider time)
{
    public string Destination => destination.Name;

    /// <param name="onFault">Told what was passed over, a sentence each.</param>
    /// <param name="onProgress">Told now and then how far it is.</param>
    public async Task<ImportCounts> ImportAsync(
        ImportOptions asked,
        Action<string> onFault,
        Action<ImportCounts> onProgress,
        CancellationToken cancellationToken)
    {
        var counts = new ImportCounts();
        if (!asked.DryRun)
            await destination.OpenAsync(cancellationToken);
        var outbox = new Outbox(asked.DryRun ? null : destination, counts, onFault);
        var maker = new MessageMaker(options.Value.MaxMessageBytes, !asked.Judge, masker, time);
        var reader = new FileFolders(asked.Folder, maker, outbox, counts, onFault);
        var files = await reader.ImportAsync(() => onProgress(counts), cancellationToken);
        await outbox.SendAsync(cancellationToken);

        var position = new ImportPosition(
            asked.Position ?? Path.Combine(asked.Folder, ExportLayout.Position), destination.Name, asked.Judge);
        var logs = new LogLines(new(maker), reader, counts);
        await ImportLogsAsync(asked, files, logs, position, outbox, counts, onProgress, cancellationToken);
        await outbox.SendAsync(cancellationToken);
        if (!asked.DryRun)
            position.Clear();
        onProgress(counts);
        return counts;
    }

    private static async Task ImportLogsAsync(
        ImportOptions asked,
        IReadOnlyList<ExportedFile> files,
        LogLines logs,
        ImportPosition position,
        Outbox outbox,
        ImportCounts counts,
        Action<ImportCounts> onProgress,
        CancellationToken cancellationToken)
    {
        var all = files
            .SelectMany(file => ExportLayout.LogFiles(file.Folder).Select(path => ((ExportedFile?)file, path)))
            .Concat(ExportLayout.LogFiles(asked.Folder).Select(path => ((ExportedFile?)null, path)))
            .Select(each => (File: each.Item1, Path: each.path, Name: ExportLayout.Name(asked.Folder, each.path)))
            .ToList();
        var begin = asked.DryRun ? null : position.Read();
        var first = begin is { } at ? all.FindIndex(each => each.Name == at.File) : -1;
        counts.WentOnAfter = first < 0 ? null : $"{begin!.Value.File} line {begin.Value.Line}";
        foreach (var (file, path, name) in all.Skip(Math.Max(first, 0)))
        {
            var after = name == all[Math.Max(first, 0)].Name && first >= 0 ? begin!.Value.Line : 0;
            await foreach (var line in logs.ReadAsync(path, name, file, after, cancellationToken))
            {
                // All of a line is durable before it is said to be where to go on.
                if (!outbox.IsDue)
                    continue;
                await outbox.SendAsync(cancellationToken);
                if (!asked.DryRun)
                    position.Write(name, line);
                onProgress(counts);
            }
        }
    }
}
