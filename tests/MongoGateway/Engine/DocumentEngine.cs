using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Npgsql;

namespace MongoGateway.Engine;

/// <summary>
/// The engine's functions, each of which takes a database and a command and returns the reply. Safe for many callers.
/// </summary>
internal sealed class DocumentEngine(string connectionString) : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private const int DeadlockAttempts = 100;

    private readonly NpgsqlDataSource _postgres = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "MongoGateway",
        MaxPoolSize = MaxConnections,
        MaxAutoPrepare = 40,
        NoResetOnClose = true,
        CommandTimeout = 0,
        // Cursors in files need no connection of their own. A deadlock is thrown, to be run again here: the engine
        // would note it as one document's write error and go on, holding the locks of all the others.
        Options = "-c documentdb.useFileBasedPersistedCursors=on -c documentdb.throwDeadlockOnCRUD=on",
    });

    /// <summary>A function whose one result is the reply.</summary>
    public Task<byte[]> ReplyAsync(string function, Request request) =>
        QueryAsync($"SELECT document::bytea FROM {function}($1, $2::bytea::documentdb_core.bson)",
            static reader => reader.GetFieldValue<byte[]>(0), request.Database, request.Bytes);

    public Task<byte[]> WriteAsync(string function, Request request) => AgainAfterDeadlockAsync(() => QueryAsync(
        $"SELECT p_result::bytea FROM {function}($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bsonsequence, $4)",
        static reader => WithCodes(reader.GetFieldValue<byte[]>(0)),
        request.Database, request.Bytes, request.Sequence, request.RetryId()));

    public Task<byte[]> FindAndModifyAsync(Request request) => AgainAfterDeadlockAsync(() => QueryAsync(
        "SELECT p_result::bytea FROM documentdb_api.find_and_modify($1, $2::bytea::documentdb_core.bson, $3)",
        static reader => WithCodes(reader.GetFieldValue<byte[]>(0)), request.Database, request.Bytes, request.RetryId()));

    /// <summary>
    /// Updates, by the procedure that commits piece by piece, as MongoDB does document by document: the locks of a
    /// whole command would block, and deadlock with, every other one. For the same reason it is never run twice.
    /// </summary>
    public async Task<byte[]> UpdateAsync(Request request) => await ReadAsync(
        "CALL documentdb_api.update_bulk($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bsonsequence, $4)",
        // A procedure's result cannot be cast, and Npgsql knows no bson: it comes as text, "BSONHEX" before the digits.
        static reader => WithCodes(Convert.FromHexString(reader.GetString(0).AsSpan("BSONHEX".Length))),
        asText: true, request.Database, request.Bytes, request.Sequence, request.RetryId());

    public Task<T> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] arguments) =>
        ReadAsync(sql, read, asText: false, arguments);

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    /// <summary>
    /// These functions are one transaction each: after a deadlock nothing of it stands. MongoDB, too, tries again by
    /// itself.
    /// </summary>
    private static async Task<byte[]> AgainAfterDeadlockAsync(Func<Task<byte[]>> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write();
            }
            catch (CommandException error) when (error.Code == ErrorCode.WriteConflict && attempt < DeadlockAttempts)
            {
                await Task.Delay(Random.Shared.Next(1, 20));
            }
        }
    }

    private async Task<T> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, bool asText, params object?[] arguments)
    {
        try
        {
            await using var command = _postgres.CreateCommand(sql);
            command.AllResultTypesAreUnknown = asText;
            foreach (var argument in arguments)
            {
                command.Parameters.Add(Parameter(argument));
            }

            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync()
                ? read(reader)
                : throw new CommandException(ErrorCode.InternalError, "The engine answered nothing.");
        }
        catch (PostgresException error)
        {
            throw EngineErrors.Translate(error);
        }
        catch (NpgsqlException error)
        {
            // The other idle connections are as dead as this one was.
            _postgres.Clear();
            throw EngineErrors.Translate(error);
        }
    }

    private static NpgsqlParameter Parameter(object? argument) => argument switch
    {
        string text => new NpgsqlParameter<string> { TypedValue = text },
        Memory<byte> bytes => new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes },
        byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
        long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers },
        null => new NpgsqlParameter { Value = DBNull.Value },
        _ => throw new ArgumentException($"{argument.GetType()} is no type of the engine's parameters."),
    };

    /// <summary>In write errors the engine packs its state where MongoDB has a code.</summary>
    private static byte[] WithCodes(byte[] reply)
    {
        var document = BsonSerializer.Deserialize<BsonDocument>(reply);
        if (!document.TryGetValue("writeErrors", out var errors))
        {
            return reply;
        }

        foreach (var error in errors.AsBsonArray)
        {
            error["code"] = (int)EngineErrors.CodeOf(error["code"].ToInt32());
        }

        return document.ToBson();
    }
}
