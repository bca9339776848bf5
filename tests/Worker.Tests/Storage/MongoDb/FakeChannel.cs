using Worker.Storage.Bson;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.MongoDb;

/// <summary>Records what it is given and answers what it is told to; a command that nobody spoke of is done.</summary>
internal sealed class FakeChannel : IMongoChannel
{
    private readonly Queue<Func<BsonView, BsonDocument>> _answers = new();

    public List<BsonView> Commands { get; } = [];

    /// <summary>What every reply carries as its time.</summary>
    public ulong? OperationTime { get; set; }

    public static BsonDocument Done => new() { { "ok", 1.0 } };

    public static BsonDocument Found(params BsonDocument[] documents) => new()
    {
        { "cursor", new BsonDocument { { "firstBatch", documents }, { "id", 0L } } }, { "ok", 1.0 },
    };

    public static BsonDocument Failed(int code, params string[] labels) => new()
    {
        { "ok", 0.0 }, { "code", code }, { "errmsg", "the server's words" }, { "errorLabels", labels.Length == 0 ? null : BsonArray.Of(labels) },
    };

    public FakeChannel Answers(BsonDocument reply) => Answers(_ => reply);

    public FakeChannel Answers(Func<BsonView, BsonDocument> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public FakeChannel Fails(MongoFault fault) => Answers(_ => throw new MongoException(fault, 0, "the driver's words"));

    public IEnumerable<BsonView> Named(string command)
    {
        foreach (var sent in Commands)
        {
            if (sent.Find(command) is not null)
                yield return sent;
        }
    }

    public Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var view = new BsonView(command.ToArray());
        Commands.Add(view);
        var reply = _answers.TryDequeue(out var answer) ? answer(view) : Default(view);
        if (OperationTime is { } time)
            reply.AddTimestamp("operationTime", time);
        return Task.FromResult(reply.Bytes);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static BsonDocument Default(BsonView command)
    {
        if (command.Find("find") is not null)
            return Found();
        var statements = command.Find("updates") ?? command.Find("documents") ?? command.Find("deletes");
        return new() { { "n", statements?.AsView().Items().Count ?? 0 }, { "ok", 1.0 } };
    }
}
