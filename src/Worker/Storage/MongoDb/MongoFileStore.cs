using MongoDB.Bson;
using Worker.Files;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>Files, Versions and deployments, a collection each; asked for side by side.</summary>
internal sealed class MongoFileStore(MongoDatabase database) : IFileStore
{
    public async Task<FileCatalog> ReadAsync(IReadOnlyCollection<CatalogKey> keys, CancellationToken cancellationToken)
    {
        var fileIds = keys.OfType<FileKey>().Select(key => key.FileId);
        var versionIds = keys.OfType<VersionKey>().Select(key => key.VersionId);
        var slots = keys.OfType<DeploymentKey>().Select(CatalogKeyText.Of);
        var files = FindAsync(MongoCollections.Files, fileIds, ToFile, cancellationToken);
        var versions = FindAsync(MongoCollections.Versions, versionIds, ToVersion, cancellationToken);
        var deployments = FindAsync(MongoCollections.Deployments, slots, ToDeployment, cancellationToken);
        await Task.WhenAll(files, versions, deployments);
        return new(
            (await files).ToDictionary(file => file.Id, StringComparer.Ordinal),
            (await versions).ToDictionary(version => version.Id, StringComparer.Ordinal),
            [.. (await deployments).Where(deployment => deployment.VersionId is not null)]);
    }

    public async Task AddAsync(
        IReadOnlyCollection<LoggedFile> files,
        IReadOnlyCollection<FileVersion> versions,
        CancellationToken cancellationToken)
    {
        var now = MongoFields.Date(database.Time.GetUtcNow());
        await database.InsertAsync(
            MongoCollections.Versions,
            versions.OrderBy(version => version.Id, StringComparer.Ordinal).Select(version => ToDocument(version, now)),
            cancellationToken);
        var fromFiles = versions.Where(version => version.IsFromFiles).Select(version => Mark(version, now)).ToList();
        if (fromFiles.Count > 0)
            await database.WriteAsync(MongoCollections.Versions, fromFiles, cancellationToken);
        await database.WriteAsync(MongoCollections.Files, files.SelectMany(file => Add(file, now)), cancellationToken);
    }

    /// <summary>What is later than it is not found, and so stands in its way as a duplicate.</summary>
    public async Task<bool> DeployAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var key = CatalogKeyText.Of(deployment.Key);
        var stamp = ChangeStamp.Of(deployment.OccurredAt, deployment.MessageId);
        var document = MongoFields.Document(
            ("file_id", deployment.FileId),
            ("environment", deployment.Environment),
            ("version_id", deployment.VersionId),
            ("stamp", stamp));
        var result = await database.WriteAsync(
            MongoCollections.Deployments,
            [MongoWrite.Replace(key, MongoFilter.Earlier(key, stamp), document, upsert: true)],
            cancellationToken);
        return result.Done > 0;
    }

    public async Task<IReadOnlyList<string>> WaitingForAsync(
        IReadOnlyCollection<CatalogKey> keys, string after, int limit, CancellationToken cancellationToken)
    {
        var waiting = new List<string>();
        foreach (var page in MongoFilter.Pages(keys.Select(CatalogKeyText.Of)))
        {
            var filter = MongoFilter.In("resolution.missing", page);
            filter.Add("_id", MongoFilter.Above(after));
            waiting.AddRange(await database.FindAsync(
                MongoCollections.Logs,
                filter,
                log => log["_id"].AsString,
                cancellationToken,
                MongoFilter.Only(),
                MongoFilter.Ascending("_id"),
                limit));
        }

        return keys.Count <= MongoFilter.PageSize ? waiting : [.. waiting.Order(Utf8Order.Instance).Take(limit)];
    }

    private async Task<List<T>> FindAsync<T>(
        string collection, IEnumerable<string> ids, Func<BsonDocument, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        foreach (var page in MongoFilter.Pages(ids))
            found.AddRange(await database.FindAsync(collection, MongoFilter.Ids(page), read, cancellationToken));
        return found;
    }

    /// <summary>
    /// The second statement is for a File that is stored without a path; each does nothing where it has nothing to do.
    /// </summary>
    private static IEnumerable<MongoWrite> Add(LoggedFile file, BsonDateTime now)
    {
        var document = MongoFields.Document(("kind", file.Kind.WireName()), ("path", file.Path), ("created", now));
        yield return MongoWrite.Update(
            file.Id, MongoFilter.Id(file.Id), new BsonDocument("$setOnInsert", document), upsert: true);
        if (file.Path is null)
            yield break;
        var withoutPath = new BsonDocument { { "_id", file.Id }, { "path", MongoFilter.Exists(false) } };
        yield return MongoWrite.Update(
            file.Id, withoutPath, new BsonDocument("$set", new BsonDocument("path", file.Path)));
    }

    /// <summary>Does nothing where it is marked already, be that just now.</summary>
    private static MongoWrite Mark(FileVersion version, BsonDateTime now)
    {
        var unmarked = new BsonDocument { { "_id", version.Id }, { "from_files", MongoFilter.Exists(false) } };
        return MongoWrite.Replace(version.Id, unmarked, ToDocument(version, now));
    }

    private static BsonDocument ToDocument(FileVersion version, BsonDateTime now) => MongoFields.Document(
        ("_id", version.Id),
        ("file_id", version.FileId),
        ("details", MongoFields.Json(version.Details)),
        ("from_files", version.IsFromFiles ? BsonBoolean.True : null),
        ("created", now));

    public static LoggedFile ToFile(BsonDocument file) =>
        new(file["_id"].AsString, EnumName<LogKind>.Parse(file["kind"].AsString), file.Text("path"));

    public static FileVersion ToVersion(BsonDocument version) =>
        new(version["_id"].AsString, version["file_id"].AsString, version.Json("details")!.Value)
        {
            IsFromFiles = version.Contains("from_files"),
        };

    public static Deployment ToDeployment(BsonDocument deployment)
    {
        var said = new Deployment(
            deployment["file_id"].AsString, deployment["environment"].AsString, deployment.Text("version_id"));
        if (deployment.Text("stamp") is not { } stamp)
            return said;
        var (occurredAt, messageId) = ChangeStamp.Parse(stamp);
        return said with { OccurredAt = occurredAt, MessageId = messageId };
    }
}
