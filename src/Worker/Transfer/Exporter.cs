using System.Text.Json;
using Worker.Errors;
using Worker.Files;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>
/// Writes what is stored as the service's own export script would, were it pointed here: a folder for each File, which
/// is whole once its mark is there. Logs without a File lie beside. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class Exporter(IFileListing files, FileReader reader, ILogListing listing, TraceReader traces)
{
    private const int FilesAtOnce = 100;
    private const int VersionsAtOnce = 4;

    /// <summary>What was there whole is passed over, so that an export that was ended early goes on.</summary>
    /// <param name="onProgress">Told now and then how far it is.</param>
    public async Task<ExportCounts> ExportAsync(
        string root, Action<ExportCounts> onProgress, CancellationToken cancellationToken)
    {
        var counts = new ExportCounts();
        Directory.CreateDirectory(Path.Combine(root, ExportLayout.Files));
        var all = await FilesAsync(cancellationToken);
        foreach (var id in all)
        {
            var folder = Path.Combine(root, ExportLayout.Files, FileName.Of(id));
            if (File.Exists(Path.Combine(folder, ExportLayout.Done)))
                counts.Passed++;
            else if (await reader.ReadAsync(id, null, null, cancellationToken) is { } view)
                await ExportAsync(folder, view, counts, onProgress, cancellationToken);
            onProgress(counts);
        }

        await ExportWithoutFileAsync(root, all, counts, onProgress, cancellationToken);
        return counts;
    }

    /// <summary>Of all kinds, by path. There are far fewer than Logs.</summary>
    private async Task<HashSet<string>> FilesAsync(CancellationToken cancellationToken)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        var query = new FileQuery([.. Enum.GetValues<LogKind>()]) { ByPath = true };
        for (var skip = 0; ; skip += FilesAtOnce)
        {
            var (page, _) = await files.ListAsync(query, skip, FilesAtOnce, cancellationToken);
            all.UnionWith(page.Select(file => file.File.Id));
            if (page.Count < FilesAtOnce)
                return all;
        }
    }

    private async Task ExportAsync(
        string folder,
        FileView view,
        ExportCounts counts,
        Action<ExportCounts> onProgress,
        CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await WriteAsync(Path.Combine(folder, ExportLayout.FileJson), writer => new FileViewJson(writer).Write(view));
        await ExportVersionsAsync(folder, view with { Monitorings = [] }, counts, cancellationToken);
        await WriteAsync(
            Path.Combine(folder, ExportLayout.DeploymentsJson), writer => WriteDeployments(writer, view.Deployments));
        await using var pages = new LogPages(Path.Combine(folder, ExportLayout.Logs), traces);
        await foreach (var page in listing.ReadAsync(new(view.File.File.Id), cancellationToken))
        {
            foreach (var log in page)
                counts.Logs += await pages.AddAsync(log, cancellationToken) ? 1 : 0;
            onProgress(counts);
        }

        await pages.CompleteAsync();
        await MarkAsync(folder);
        counts.Files++;
    }

    private async Task ExportVersionsAsync(
        string folder, FileView view, ExportCounts counts, CancellationToken cancellationToken)
    {
        var versions = Path.Combine(folder, ExportLayout.Versions);
        Directory.CreateDirectory(versions);
        for (var skip = 0; ; skip += VersionsAtOnce)
        {
            var page = await files.VersionsAsync(view.File.File.Id, null, skip, VersionsAtOnce, cancellationToken);
            foreach (var version in page)
                await WriteAsync(
                    Path.Combine(versions, FileName.Of(version.Version.Id)),
                    writer => new FileViewJson(writer).Write(view with { Version = version }));
            counts.Versions += page.Count;
            if (page.Count < VersionsAtOnce)
                return;
        }
    }

    /// <summary>Also those of a File that is not stored, for which they may wait.</summary>
    private async Task ExportWithoutFileAsync(
        string root,
        HashSet<string> all,
        ExportCounts counts,
        Action<ExportCounts> onProgress,
        CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, ExportLayout.Logs);
        if (File.Exists(Path.Combine(folder, ExportLayout.Done)))
            return;
        await using var pages = new LogPages(folder, traces);
        await foreach (var page in listing.AllAsync(cancellationToken))
        {
            foreach (var log in page.Where(log => log.Resolution?.FileId is not { } file || !all.Contains(file)))
            {
                if (!await pages.AddAsync(log, cancellationToken))
                    continue;
                counts.Logs++;
                counts.WithoutFile++;
            }

            onProgress(counts);
        }

        await pages.CompleteAsync();
        await MarkAsync(folder);
    }

    private static void WriteDeployments(Utf8JsonWriter writer, IEnumerable<Deployment> deployments)
    {
        writer.WriteStartArray();
        foreach (var deployment in deployments.Where(deployment => deployment.VersionId is not null))
        {
            writer.WriteStartObject();
            writer.WriteString("version_id", deployment.VersionId);
            writer.WriteString("environment_id", deployment.Environment);
            writer.WriteString("environment_name", deployment.Environment);
            writer.WriteString(
                "environment_tag",
                deployment.Environment == Deployment.DefaultEnvironment ? "default" : "other");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static async Task MarkAsync(string folder)
    {
        await using var mark = new WholeFile(Path.Combine(folder, ExportLayout.Done));
        mark.Stream.Write("whole\n"u8);
        await mark.CompleteAsync();
    }

    private static async Task WriteAsync(string path, Action<Utf8JsonWriter> write)
    {
        await using var file = new WholeFile(path);
        await using (var writer = new Utf8JsonWriter(file.Stream, FileViewJson.Options))
            write(writer);
        await file.CompleteAsync();
    }
}
