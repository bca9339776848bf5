using System.Text.Json;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>Reads the folders of Files in an export: each File, its Versions, and what is deployed of it.</summary>
internal sealed class FileFolders(
    string root, MessageMaker maker, Outbox outbox, ImportCounts counts, Action<string> onFault)
{
    /// <summary>A Version is as large as a message, and what is said around it.</summary>
    private const long MaxFileBytes = 64 * 1024 * 1024;

    private readonly Credentials _credentials = new();
    private readonly HashSet<string> _versions = new(StringComparer.Ordinal);

    private VersionMessages Messages => field ??= new(maker, _credentials);

    /// <summary>Those that can have Logs; agents, too.</summary>
    public async Task<IReadOnlyList<ExportedFile>> ImportAsync(Action onProgress, CancellationToken cancellationToken)
    {
        var files = new List<ExportedFile>();
        foreach (var folder in ExportLayout.FoldersOfFiles(root))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, ExportLayout.FileJson);
            if (Parse(path, json => ExportedFile.Of(folder, json)) is not { } file)
                continue;
            files.Add(file);
            Count(file);
            if (file.Kind is { } kind)
            {
                await ImportAsync(file, kind, cancellationToken);
                await MonitorAsync(file, cancellationToken);
            }

            onProgress();
        }

        counts.Credentials = _credentials.Dropped;
        return files;
    }

    /// <summary>A Version that only a Log shows: the service may have listed it no more.</summary>
    public async Task ShownAsync(LogKind kind, JsonElement file, string place, CancellationToken cancellationToken)
    {
        if (Json.Text(file, "id") is not { } id
            || Json.Text(file, "version_id") is not { } version
            || !_versions.Add(version))
        {
            return;
        }

        counts.Versions++;
        await TakeAsync(Messages.Saved(kind, id, Json.Text(file, "path"), file), place, cancellationToken);
        counts.Credentials = _credentials.Dropped;
    }

    /// <summary>Adds it to what is sent, or tells what is wrong with it.</summary>
    public async Task TakeAsync(MadeMessage made, string place, CancellationToken cancellationToken)
    {
        if (made.Message is { } message)
            await outbox.AddAsync(message, place, cancellationToken);
        else
            Skip(place, made.Fault!);
    }

    public void Skip(string place, string why)
    {
        counts.Skipped++;
        onFault($"{place}: {why}");
    }

    private void Count(ExportedFile file)
    {
        counts.Files += file.Kind is null ? 0 : 1;
        counts.Datasets += file.Type == "dataset" ? 1 : 0;
        counts.Agents += file.Type == "agent" ? 1 : 0;
        if (file.Kind is null && file.Type is not ("dataset" or "agent"))
            Skip(ExportLayout.Name(root, file.Folder), $"a File of type {file.Type} has no place here.");
        var evaluations = Path.Combine(file.Folder, ExportLayout.Evaluations);
        counts.Evaluations += Directory.Exists(evaluations) ? Directory.EnumerateDirectories(evaluations).Count() : 0;
    }

    private async Task ImportAsync(ExportedFile file, LogKind kind, CancellationToken cancellationToken)
    {
        var times = new Dictionary<string, string>(StringComparer.Ordinal);
        var versions = Versions(file)
            .OrderBy(version => version.At)
            .ThenBy(version => version.Path, StringComparer.Ordinal)
            .ToList();
        foreach (var (path, _) in versions)
        {
            var made = Parse(path, json =>
            {
                Remember(json, times);
                return (MadeMessage?)Messages.Saved(kind, file.Id, file.Path, json);
            });
            if (made is not { } message)
                continue;
            counts.Versions++;
            await TakeAsync(message, ExportLayout.Name(root, path), cancellationToken);
        }

        if (versions.Count == 0)
        {
            var place = ExportLayout.Name(root, file.Folder);
            await TakeAsync(Messages.Saved(kind, file.Id, file.Path, null), place, cancellationToken);
        }

        await DeployAsync(file, times, cancellationToken);
    }

    /// <summary>Oldest first, so that they stand in that order here, too.</summary>
    private IEnumerable<(string Path, long At)> Versions(ExportedFile file)
    {
        var folder = Path.Combine(file.Folder, ExportLayout.Versions);
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            if (Parse(path, json => (long?)(Timestamps.Parse(Json.Text(json, "created_at")) ?? 0)) is { } at)
                yield return (path, at);
        }
    }

    private void Remember(JsonElement version, Dictionary<string, string> times)
    {
        if (Json.Text(version, "version_id") is not { } id)
            throw new JsonException("It has no version_id");
        _versions.Add(id);
        if (Json.Text(version, "created_at") is { } created)
            times[id] = created;
        foreach (var environment in Json.Items(version, "environments"))
        {
            if (Json.Text(environment, "name") is { } name && Json.Text(environment, "created_at") is { } at)
                times[id + '\n' + name] = at;
        }
    }

    private async Task DeployAsync(
        ExportedFile file, Dictionary<string, string> times, CancellationToken cancellationToken)
    {
        var path = Path.Combine(file.Folder, ExportLayout.DeploymentsJson);
        if (!File.Exists(path))
            return;
        var made = Parse(path, json => json.ValueKind != JsonValueKind.Array
            ? throw new JsonException("It is no list")
            : Messages.Deployed(file.Id, json, (version, environment) =>
                times.GetValueOrDefault(version + '\n' + environment) ?? times.GetValueOrDefault(version)).ToList());
        foreach (var message in made ?? [])
        {
            counts.Deployments++;
            await TakeAsync(message, ExportLayout.Name(root, path), cancellationToken);
        }
    }

    private async Task MonitorAsync(ExportedFile file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(file.Folder, ExportLayout.FileJson);
        foreach (var message in Parse(path, json => Messages.Monitored(file.Id, json).ToList()) ?? [])
            await TakeAsync(message, ExportLayout.Name(root, path), cancellationToken);
    }

    /// <summary>Null where it cannot be read, which is told.</summary>
    private T? Parse<T>(string path, Func<JsonElement, T?> read)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
                throw new JsonException($"It is larger than {MaxFileBytes} bytes");
            using var json = Json.Parse(File.ReadAllBytes(path));
            return read(json.RootElement);
        }
        catch (JsonException exception)
        {
            Skip(ExportLayout.Name(root, path), Json.Reason(exception));
            return default;
        }
    }
}
