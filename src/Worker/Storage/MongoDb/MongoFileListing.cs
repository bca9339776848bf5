using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using Worker.Files;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>Files, Versions and deployments as lists.</summary>
internal sealed class MongoFileListing(MongoDatabase database) : IFileListing
{
    public async Task<(IReadOnlyList<StoredFile> Files, long Total)> ListAsync(
        FileQuery query, int skip, int take, CancellationToken cancellationToken)
    {
        var filter = await FilterAsync(query, cancellationToken);
        var total = await database.RunAsync(
            session => database.Collection(MongoCollections.Files).CountDocumentsAsync(
                session, new BsonDocumentFilterDefinition<BsonDocument>(filter), cancellationToken: cancellationToken),
            cancellationToken);
        if (take == 0 || skip >= total)
            return ([], total);
        var column = query.ByPath ? "path" : "created";
        var files = await database.FindAsync(
            MongoCollections.Files,
            filter,
            ToFile,
            cancellationToken,
            sort: query.Descending ? MongoFilter.Descending(column, "_id") : MongoFilter.Ascending(column, "_id"),
            limit: take,
            skip: skip);
        return (files, total);
    }

    public async Task<StoredFile?> FindAsync(string fileId, CancellationToken cancellationToken)
    {
        var found = await database.FindAsync(
            MongoCollections.Files, MongoFilter.Id(fileId), ToFile, cancellationToken);
        return found.FirstOrDefault();
    }

    public async Task<IReadOnlyList<StoredVersion>> VersionsAsync(
        string fileId, string? versionId, int skip, int take, CancellationToken cancellationToken)
    {
        var filter = versionId is null ? [] : MongoFilter.Id(versionId);
        filter.Add("file_id", fileId);
        return await database.FindAsync(
            MongoCollections.Versions,
            filter,
            version => new StoredVersion(MongoFileStore.ToVersion(version), Since(version)),
            cancellationToken,
            sort: MongoFilter.Descending("created", "_id"),
            limit: take,
            skip: versionId is null ? skip : 0);
    }

    public async Task<IReadOnlyList<Deployment>> DeploymentsAsync(string fileId, CancellationToken cancellationToken)
    {
        var all = await database.FindAsync(
            MongoCollections.Deployments,
            new BsonDocument("file_id", fileId),
            MongoFileStore.ToDeployment,
            cancellationToken);
        return
        [
            .. all.Where(deployment => deployment.VersionId is not null)
                .OrderBy(deployment => deployment.Environment, Utf8Order.Instance),
        ];
    }

    private async Task<BsonDocument> FilterAsync(FileQuery query, CancellationToken cancellationToken)
    {
        var all = new BsonArray { MongoFilter.In("kind", query.Kinds.Select(kind => kind.WireName())) };
        if (query.Name is { } name)
            all.Add(Pattern(Regex.Escape(name), "i"));
        if (query.Folder is { } folder)
            all.Add(Pattern($"^{Regex.Escape(folder)}(/|$)", ""));
        if (query.Path is { } path)
            all.Add(new BsonDocument("path", path));
        if (query.Environment is { } environment)
        {
            var deployed = new BsonDocument
            {
                { "environment", environment },
                { "version_id", MongoFilter.Exists(true) },
            };
            all.Add(MongoFilter.Ids(await database.FindAsync(
                MongoCollections.Deployments, deployed, found => found["file_id"].AsString, cancellationToken)));
        }

        return new("$and", all);
    }

    private static BsonDocument Pattern(string pattern, string options) =>
        new("path", new BsonDocument { { "$regex", pattern }, { "$options", options } });

    private static StoredFile ToFile(BsonDocument file) => new(MongoFileStore.ToFile(file), Since(file));

    /// <summary>What an earlier build has stored does not say it.</summary>
    private static DateTimeOffset Since(BsonDocument document) =>
        document.Instant("created") ?? DateTimeOffset.UnixEpoch;
}
