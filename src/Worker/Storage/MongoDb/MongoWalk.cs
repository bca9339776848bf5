using System.Runtime.CompilerServices;
using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Goes through the texts of an index in their order, in pages.</summary>
internal static class MongoWalk
{
    /// <summary>What an indexed field holds, each text once.</summary>
    /// <param name="only">A field that has to be true; null: all documents.</param>
    public static async IAsyncEnumerable<string> WalkAsync(
        this MongoDatabase database,
        string collection,
        string field,
        string? only,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var projection = field == "_id" ? MongoFilter.Only() : MongoFilter.Only(field);
        var last = "";
        while (true)
        {
            var after = new BsonDocument();
            if (only is not null)
                after.Add(only, true);
            after.Add(field, MongoFilter.Above(last));
            var page = await database.FindAsync(
                collection,
                after,
                found => found[field].AsString,
                cancellationToken,
                projection,
                MongoFilter.Ascending(field),
                MongoFilter.PageSize);

            // What has the last text, too, and found no room in the page, is passed over by the next.
            foreach (var text in page.Distinct(StringComparer.Ordinal))
                yield return text;
            if (page.Count < MongoFilter.PageSize)
                yield break;
            last = page[^1];
        }
    }
}
