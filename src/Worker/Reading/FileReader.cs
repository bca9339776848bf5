using System.Runtime.CompilerServices;
using Worker.Errors;
using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Reads Files as people see them. What a File shows by itself is the Version that is deployed by default, else the
/// newest. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class FileReader(
    IFileListing files, IFileStore catalog, IMonitoringStore monitorings, ILogListing listing, ILogStore logs)
{
    /// <summary>No more Versions of a File are shown than these, the newest.</summary>
    public const int MaxVersions = 1_000;

    private const int VersionsAtOnce = 4;

    /// <summary>Null where the File is not stored.</summary>
    /// <param name="versionId">The Version to show; wins over the Environment.</param>
    /// <param name="environment">Shows the Version that is deployed there.</param>
    public async Task<FileView?> ReadAsync(
        string fileId, string? versionId, string? environment, CancellationToken cancellationToken) =>
        await BareAsync(fileId, versionId, environment, cancellationToken) is { } view
            ? await WithAsync(view, [], cancellationToken)
            : null;

    /// <summary>The File of a Version, with that; null where it is not stored.</summary>
    public async Task<FileView?> OfVersionAsync(string versionId, CancellationToken cancellationToken)
    {
        var found = await catalog.ReadAsync([new VersionKey(versionId)], cancellationToken);
        return found.Versions.TryGetValue(versionId, out var version)
            ? await BareAsync(version.FileId, versionId, null, cancellationToken)
            : null;
    }

    /// <summary>
    /// Adds the Evaluators that are attached to it: those that are stored, and those in <paramref name="said"/>, which
    /// are newer and win.
    /// </summary>
    public async Task<FileView> WithAsync(
        FileView view, IReadOnlyList<Monitoring> said, CancellationToken cancellationToken)
    {
        var stored = await monitorings.ReadAsync(view.File.File.Id, cancellationToken);
        var views = new List<MonitoringView>();
        foreach (var each in said.Concat(stored).DistinctBy(each => each.EvaluatorId))
        {
            var isPlain = each.VersionId is null && each.Environment == Deployment.DefaultEnvironment;
            var environment = isPlain ? null : each.Environment;
            if (await BareAsync(each.EvaluatorId, each.VersionId, environment, cancellationToken) is { } evaluator)
                views.Add(new(each, evaluator));
        }

        return view with { Monitorings = views };
    }

    /// <summary>A page of Files, one after the other, and how many match.</summary>
    public async Task<(IAsyncEnumerable<FileView> Files, long Total)> ListAsync(
        FileQuery query, int skip, int take, CancellationToken cancellationToken)
    {
        var (page, total) = await files.ListAsync(query, skip, take, cancellationToken);
        return (
            page.ToAsyncEnumerable().Select(
                (StoredFile file, CancellationToken token) => new ValueTask<FileView>(
                    ViewAsync(file, null, query.Environment, token))),
            total);
    }

    /// <summary>The same File with each of its Versions, newest first, a few of them held at once.</summary>
    public async IAsyncEnumerable<FileView> VersionsAsync(
        FileView view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var skip = 0; skip < MaxVersions; skip += VersionsAtOnce)
        {
            var page = await files.VersionsAsync(view.File.File.Id, null, skip, VersionsAtOnce, cancellationToken);
            foreach (var version in page)
                yield return view with { Version = version };
            if (page.Count < VersionsAtOnce)
                yield break;
        }
    }

    /// <summary>The File without the Evaluators attached to it: an Evaluator may have some, too, and so on.</summary>
    private async Task<FileView?> BareAsync(
        string fileId, string? versionId, string? environment, CancellationToken cancellationToken) =>
        await files.FindAsync(fileId, cancellationToken) is { } file
            ? await ViewAsync(file, versionId, environment, cancellationToken)
            : null;

    private async Task<FileView> ViewAsync(
        StoredFile file, string? versionId, string? environment, CancellationToken cancellationToken)
    {
        var id = file.File.Id;
        var deployments = await files.DeploymentsAsync(id, cancellationToken);
        var isAsked = versionId is not null || environment is not null;
        environment ??= Deployment.DefaultEnvironment;
        versionId ??= deployments.FirstOrDefault(deployment => deployment.Environment == environment)?.VersionId;
        var versions = versionId is null && isAsked
            ? []
            : await files.VersionsAsync(id, versionId, 0, 1, cancellationToken);
        if (versions.Count == 0 && !isAsked)
            versions = await files.VersionsAsync(id, null, 0, 1, cancellationToken);
        var range = new LogRange(id);
        var count = await listing.CountAsync(range, cancellationToken);
        var newest = count == 0 ? [] : await listing.PageAsync(range, 0, 1, cancellationToken);
        var used = newest.Count == 0 ? null : (await logs.ReadAsync(newest, cancellationToken)).Values.FirstOrDefault();
        return new()
        {
            File = file,
            Version = versions.Count > 0 ? versions[0] : null,
            Deployments = deployments,
            Logs = count,
            LastUsedAt = used?.CreatedAt,
        };
    }
}
