using System.Collections.Concurrent;
using MongoDB.Bson;
using Npgsql;

namespace MongoGateway.Engine;

/// <summary>
/// The open cursors: the engine hands out a continuation with each page, and wants it back for the next.
/// </summary>
internal sealed class CursorTable(DocumentEngine engine, TimeProvider time)
{
    /// <summary>As MongoDB's cursorTimeoutMillis.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, Cursor> _open = new();

    public Task<byte[]> FirstPageAsync(string function, Request request) => engine.QueryAsync(
        $"SELECT cursorpage::bytea, continuation::bytea, cursorid, persistconnection FROM {function}($1, $2::bytea::documentdb_core.bson)",
        reader =>
        {
            if (reader.GetBoolean(3))
            {
                throw new CommandException(
                    ErrorCode.CommandNotSupported, "The engine wants to keep a connection for this cursor.");
            }

            return Page(reader, request.Database, reader.IsDBNull(2) ? 0 : reader.GetInt64(2));
        },
        request.Database, request.Bytes);

    public async Task<byte[]> NextPageAsync(Request request)
    {
        var id = request.Target.ToInt64();
        // Taken out while it is in use: a page is handed out once.
        if (!_open.TryRemove(id, out var cursor))
        {
            throw new CommandException(ErrorCode.CursorNotFound, $"cursor id {id} not found");
        }

        return await engine.QueryAsync(
            "SELECT cursorpage::bytea, continuation::bytea FROM documentdb_api.cursor_get_more($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bson)",
            reader => Page(reader, cursor.Database, id), cursor.Database, request.Bytes, cursor.Continuation);
    }

    public async Task<byte[]> KillAsync(Request request)
    {
        var ids = request.Body.GetValue("cursors", new BsonArray()).AsBsonArray.Select(id => id.ToInt64()).ToList();
        var killed = ids.Where(id => _open.TryRemove(id, out _)).ToArray();
        await DeleteAsync(killed);
        return new BsonDocument
        {
            { "cursorsKilled", new BsonArray(killed) },
            { "cursorsNotFound", new BsonArray(ids.Except(killed)) },
            { "cursorsAlive", new BsonArray() },
            { "cursorsUnknown", new BsonArray() },
            { "ok", 1.0 },
        }.ToBson();
    }

    /// <summary>Closes cursors that nobody has asked for a while, until cancelled.</summary>
    public async Task CloseIdleAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var before = time.GetUtcNow() - IdleLimit;
            var idle = _open.Where(cursor => cursor.Value.LastUsed < before).Select(cursor => cursor.Key).ToList();
            try
            {
                await DeleteAsync([.. idle.Where(id => _open.TryRemove(id, out _))]);
            }
            catch (CommandException error)
            {
                Console.Error.WriteLine($"gateway: idle cursors were not closed: {error.Message}");
            }
        }
    }

    private byte[] Page(NpgsqlDataReader reader, string database, long id)
    {
        if (!reader.IsDBNull(1))
        {
            _open[id] = new Cursor(database, reader.GetFieldValue<byte[]>(1), time.GetUtcNow());
        }

        return reader.GetFieldValue<byte[]>(0);
    }

    private Task DeleteAsync(long[] ids) => ids.Length == 0
        ? Task.CompletedTask
        : engine.QueryAsync("SELECT documentdb_api_internal.delete_cursors($1)::bytea", static _ => true, ids);

    private sealed record Cursor(string Database, byte[] Continuation, DateTimeOffset LastUsed);
}
