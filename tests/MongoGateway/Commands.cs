using MongoDB.Bson;
using MongoGateway.Authentication;
using MongoGateway.Engine;

namespace MongoGateway;

/// <summary>What is answered to which command. Everything that touches data is the engine's answer.</summary>
internal sealed class Commands
{
    /// <summary>MongoDB 7.0. Its drivers accept a server by this number.</summary>
    private const int MaxWireVersion = 21;

    private static readonly HashSet<string> BeforeLogin = ["hello", "isMaster", "ismaster", "ping", "buildInfo", "buildinfo", "saslStart", "saslContinue", "logout"];

    private readonly GatewayOptions _options;
    private readonly DocumentEngine _engine;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Func<Request, Login, Task<byte[]>>> _commands;

    public Commands(GatewayOptions options, DocumentEngine engine, CursorTable cursors, TimeProvider time)
    {
        _options = options;
        _engine = engine;
        _time = time;
        _commands = new Dictionary<string, Func<Request, Login, Task<byte[]>>>
        {
            ["hello"] = (request, login) => Task.FromResult(Hello(request, login, "isWritablePrimary")),
            ["isMaster"] = (request, login) => Task.FromResult(Hello(request, login, "ismaster")),
            ["ismaster"] = (request, login) => Task.FromResult(Hello(request, login, "ismaster")),
            ["ping"] = (_, _) => PingAsync(),
            ["buildInfo"] = (_, _) => Task.FromResult(BuildInfo()),
            ["buildinfo"] = (_, _) => Task.FromResult(BuildInfo()),
            ["saslStart"] = (request, login) => Task.FromResult(login.Start(request)),
            ["saslContinue"] = (request, login) => Task.FromResult(login.Continue(request)),
            ["logout"] = (_, login) => Task.FromResult(login.End()),
            // Sessions are not kept, so none has to be ended.
            ["endSessions"] = (_, _) => Task.FromResult(new BsonDocument("ok", 1.0).ToBson()),
            ["insert"] = (request, _) => engine.WriteAsync("documentdb_api.insert", request),
            ["delete"] = (request, _) => engine.WriteAsync("documentdb_api.delete", request),
            ["update"] = (request, _) => engine.UpdateAsync(request),
            ["findAndModify"] = (request, _) => engine.FindAndModifyAsync(request),
            ["findandmodify"] = (request, _) => engine.FindAndModifyAsync(request),
            ["find"] = (request, _) => cursors.FirstPageAsync("documentdb_api.find_cursor_first_page", request),
            ["aggregate"] = (request, _) => cursors.FirstPageAsync(
                "documentdb_api.aggregate_cursor_first_page", request),
            ["listCollections"] = (request, _) => cursors.FirstPageAsync(
                "documentdb_api.list_collections_cursor_first_page", request),
            ["listIndexes"] = (request, _) => cursors.FirstPageAsync(
                "documentdb_api.list_indexes_cursor_first_page", request),
            ["getMore"] = (request, _) => cursors.NextPageAsync(request),
            ["killCursors"] = (request, _) => cursors.KillAsync(request),
            ["count"] = (request, _) => engine.ReplyAsync("documentdb_api.count_query", request),
            ["distinct"] = (request, _) => engine.ReplyAsync("documentdb_api.distinct_query", request),
            ["explain"] = (request, _) => Explanation.ExplainAsync(engine, request),
            ["createIndexes"] = (request, _) => Indexes.CreateAsync(engine, request),
            ["drop"] = (request, _) => DropAsync(request),
            ["dropDatabase"] = (request, _) => DropDatabaseAsync(request),
        };
    }

    /// <exception cref="CommandException">It is refused, or fails.</exception>
    public Task<byte[]> RunAsync(Request request, Login login)
    {
        if (!_commands.TryGetValue(request.Command, out var run))
        {
            throw new CommandException(ErrorCode.CommandNotFound, $"no such command: '{request.Command}'");
        }

        if (!login.IsAllowed && !BeforeLogin.Contains(request.Command))
        {
            throw new CommandException(ErrorCode.Unauthorized, $"Command {request.Command} requires authentication");
        }

        return !request.Body.Contains("autocommit")
            ? run(request, login)
            : throw new CommandException(
                ErrorCode.IllegalOperation, "Transactions of several commands are not served.");
    }

    /// <summary>
    /// What drivers may still send by OP_QUERY before they know what the server speaks; MongoDB takes the same.
    /// </summary>
    public static bool IsTakenByOpQuery(string command) =>
        command is "hello" or "isMaster" or "ismaster" or "buildInfo" or "buildinfo" or "saslStart" or "saslContinue";

    private byte[] Hello(Request request, Login login, string primary)
    {
        var address = _options.Listen.ToString();
        var reply = new BsonDocument { { "helloOk", true }, { primary, true } };
        if (_options.ReplicaSet is { } set)
        {
            reply.AddRange(new BsonDocument
            {
                { "setName", set }, { "setVersion", 1 }, { "secondary", false }, { "primary", address }, { "me", address }, { "hosts", new BsonArray { address } },
            });
        }

        reply.AddRange(new BsonDocument
        {
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", Wire.WireReader.MaxMessageBytes }, { "maxWriteBatchSize", 25_000 },
            { "localTime", _time.GetUtcNow().UtcDateTime }, { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", 1 },
            { "minWireVersion", 0 }, { "maxWireVersion", MaxWireVersion }, { "readOnly", false },
        });
        login.Advertise(request, reply);
        return reply.Add("ok", 1.0).ToBson();
    }

    private static byte[] BuildInfo() => new BsonDocument
    {
        { "version", "7.0.0" },
        { "versionArray", new BsonArray { 7, 0, 0, 0 } },
        { "modules", new BsonArray { "MongoGateway before the DocumentDB engine" } },
        { "bits", 64 },
        { "maxBsonObjectSize", 16 * 1024 * 1024 },
        { "ok", 1.0 },
    }.ToBson();

    /// <summary>Answers for the engine, too: a gateway before nothing is not alive.</summary>
    private async Task<byte[]> PingAsync()
    {
        await _engine.QueryAsync("SELECT documentdb_api.binary_version()", static _ => true);
        return new BsonDocument("ok", 1.0).ToBson();
    }

    private async Task<byte[]> DropAsync(Request request) =>
        await _engine.QueryAsync(
            "SELECT documentdb_api.drop_collection($1, $2)",
            static reader => reader.GetBoolean(0),
            request.Database,
            request.Collection)
            ? new BsonDocument { { "ns", $"{request.Database}.{request.Collection}" }, { "ok", 1.0 } }.ToBson()
            : throw new CommandException(ErrorCode.NamespaceNotFound, "ns not found");

    private async Task<byte[]> DropDatabaseAsync(Request request)
    {
        await _engine.QueryAsync("SELECT documentdb_api.drop_database($1)::text", static _ => true, request.Database);
        return new BsonDocument { { "dropped", request.Database }, { "ok", 1.0 } }.ToBson();
    }
}
