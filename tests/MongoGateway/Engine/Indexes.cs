using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace MongoGateway.Engine;

/// <summary>
/// createIndexes answers when the indexes are there; the engine builds them in the background where documents exist.
/// </summary>
internal static class Indexes
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static async Task<byte[]> CreateAsync(DocumentEngine engine, Request request)
    {
        var (reply, requests) = await engine.QueryAsync(
            "SELECT retval::bytea, ok, requests::bytea FROM documentdb_api.create_indexes_background($1, $2::bytea::documentdb_core.bson)",
            static reader => (Shard(reader.GetFieldValue<byte[]>(0), reader.GetBoolean(1)), reader.GetFieldValue<byte[]>(2)),
            request.Database, request.Bytes);
        // Empty when there is nothing to wait for.
        while (Read(requests).Contains("indexRequest") && !await IsBuiltAsync(engine, requests))
        {
            await Task.Delay(Poll);
        }

        return reply;
    }

    private static Task<bool> IsBuiltAsync(DocumentEngine engine, byte[] requests) => engine.QueryAsync(
        "SELECT retval::bytea, ok, complete FROM documentdb_api_internal.check_build_index_status($1::bytea::documentdb_core.bson)",
        static reader =>
        {
            Shard(reader.GetFieldValue<byte[]>(0), reader.GetBoolean(1));
            return reader.GetBoolean(2);
        },
        requests);

    /// <summary>
    /// The engine answers as a router does, under raw; a server without shards answers what lies within.
    /// </summary>
    private static byte[] Shard(byte[] reply, bool ok)
    {
        var document = Read(reply);
        var shard = document.TryGetValue("raw", out var raw) ? raw[0].AsBsonDocument : document;
        return ok ? shard.ToBson() : throw EngineErrors.Translate(
            shard.GetValue("code", 0).ToInt32(), shard.GetValue("errmsg", "The engine did not say why.").AsString);
    }

    private static BsonDocument Read(byte[] document) => BsonSerializer.Deserialize<BsonDocument>(document);
}
