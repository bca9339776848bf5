using MongoDB.Bson;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>Whether the indexes are there that <see cref="MongoIndexes"/> names.</summary>
internal sealed class MongoIndexCheck(MongoDatabase database)
{
    public async Task<bool> AnyIsMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var (collection, names) in MongoIndexes.Names)
        {
            if (names.Except(await NamesAsync(collection, cancellationToken)).Any())
                return true;
        }

        return false;
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string collection, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await database.CommandAsync(
                new() { { "listIndexes", collection }, { "cursor", new BsonDocument("batchSize", 1_000) } },
                cancellationToken);
            return [.. reply["cursor"]["firstBatch"].AsBsonArray.Select(index => index["name"].AsString)];
        }
        catch (StoreUnexpectedException error) when (error.Code == MongoCodes.NamespaceNotFound)
        {
            return [];
        }
    }
}
