using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Storage.Sqlite;
using Worker.Traces;

namespace Worker.Benchmarks;

/// <summary>
/// How much of its engine's own rate each store keeps. Both write the same Logs, chunk by chunk in turn, into two
/// stores with the same indexes: one through <see cref="ILogStore"/>, the other as bulks that were encoded beforehand,
/// through the same driver.
/// </summary>
internal static class StoreBenchmark
{
    private const double Floor = 0.6;

    public static async Task<int> RunAsync(int logs, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("store", json);
        var chunk = new IngestionOptions().ChunkSize;
        report.State("machine", $"{Machine.Description}; the server of MongoDB beside it");
        report.State("payload", $"{logs:N0} new Logs of {Payload.Bytes} bytes, in traces of {Payload.LogsPerTrace}, random ids; then the same Logs again, each changed");
        report.State("settings", $"chunks of {chunk}, one at a time; {TemporaryStore.Describe(StoreKind.Sqlite)}; {TemporaryStore.Describe(StoreKind.Mongo)}");

        var chunks = Logs(logs).Chunk(chunk).ToList();
        await MeasureAsync(report, StoreKind.Sqlite, chunks, SqliteBulk, cancellationToken);
        await MeasureAsync(report, StoreKind.Mongo, chunks, MongoBulk, cancellationToken);
        return report.Finish();
    }

    /// <param name="bulk">Encodes a chunk, and returns what writes it.</param>
    private static async Task MeasureAsync(
        Report report, StoreKind kind, List<Log[]> chunks, Func<IServiceProvider, Log[], Func<CancellationToken, Task>> bulk, CancellationToken cancellationToken)
    {
        await using var first = new TemporaryStore(kind);
        await using var second = new TemporaryStore(kind);
        using var measured = await first.OpenAsync(cancellationToken);
        using var limit = await second.OpenAsync(cancellationToken);
        var store = measured.Services.GetRequiredService<ILogStore>();
        var (writing, rewriting, bare) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

        // The first chunks warm up what is compiled, connected and allocated on the way.
        var warm = chunks.Count / 10;
        foreach (var (index, chunk) in chunks.Index())
        {
            var write = bulk(limit.Services, chunk);
            var inBulk = await TimeAsync(() => write(cancellationToken));
            var inStore = await TimeAsync(async () => await WriteAsync(store, chunk, cancellationToken));
            if (index >= warm)
                (bare, writing) = (bare + inBulk, writing + inStore);
        }

        foreach (var chunk in chunks.Skip(warm))
            rewriting += await TimeAsync(
                async () => await WriteAsync(store, [.. chunk.Select(Changed)], cancellationToken));

        var count = chunks.Skip(warm).Sum(chunk => chunk.Length);
        var name = kind.ToString();
        report.Add(new($"{name}, the engine's own bulk", count / bare.TotalSeconds, "writes/s"));
        report.Add(new($"{name}, the store", count / writing.TotalSeconds, "writes/s"));
        report.Add(new($"{name}, ratio", bare / writing, "", Floor: Floor));
        report.Add(new($"{name}, Logs written again", count / rewriting.TotalSeconds, "writes/s"));
    }

    private static async Task WriteAsync(
        ILogStore store, IReadOnlyCollection<Log> logs, CancellationToken cancellationToken)
    {
        if (await store.WriteAsync(logs, cancellationToken) is not { Lost.Count: 0, TooLarge.Count: 0 })
            throw new InvalidOperationException("A Log was not written, although nobody else writes.");
    }

    private static Func<CancellationToken, Task> MongoBulk(IServiceProvider services, Log[] logs)
    {
        var models = logs
            .Select(log => new InsertOneModel<BsonDocument>(LogBson.Write(log)!))
            .ToList();
        var collection = services.GetRequiredService<MongoDatabase>().Collection(MongoCollections.Logs);
        return token => collection.BulkWriteAsync(models, new BulkWriteOptions { IsOrdered = false }, token);
    }

    private static Func<CancellationToken, Task> SqliteBulk(IServiceProvider services, Log[] logs)
    {
        var documents = logs.Select(log =>
        {
            var output = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(output, LogDocument.WriterOptions);
            LogDocument.Write(log, json);
            json.Flush();
            return output.WrittenMemory;
        }).ToList();
        var database = services.GetRequiredService<SqliteDatabase>();
        return token => database.WriteAsync(session => Insert(session, logs, documents), token);
    }

    private static void Insert(SqliteSession session, Log[] logs, List<ReadOnlyMemory<byte>> documents)
    {
        // As anybody would make it who only wants to find a document by its id and by its parent.
        session.Execute(
            "CREATE TABLE IF NOT EXISTS documents (id TEXT NOT NULL UNIQUE, parent TEXT, document TEXT NOT NULL) STRICT;" +
            "CREATE INDEX IF NOT EXISTS documents_parent ON documents (parent)");
        foreach (var (index, log) in logs.Index())
        {
            session.Prepare("REPLACE INTO documents (id, parent, document) VALUES (?, ?, ?)")
                .Bind(log.Id)
                .Bind(log.ParentId)
                .BindUtf8(documents[index].Span)
                .Run();
        }
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began);
    }

    private static IEnumerable<Log> Logs(int count)
    {
        var payload = new Payload(timeOrderedIds: false);
        return Enumerable.Range(0, (count + Payload.LogsPerTrace - 1) / Payload.LogsPerTrace)
            .SelectMany(_ => payload.Trace(out var _))
            .Take(count)
            .Select(message => Merge(null, message.Type, message.Body));
    }

    /// <summary>As it stands after the first write, with a later message merged in.</summary>
    private static Log Changed(Log log) => Merge(
        log with { Version = 1 },
        log.Kind == LogKind.Flow ? "flow.logged" : "tool.logged",
        JsonSerializer.SerializeToUtf8Bytes(
            new { log_id = log.Id, user = "somebody", sent_at = "2026-02-03T04:05:06Z" }));

    private static Log Merge(Log? log, string type, byte[] body)
    {
        var decoded = new MessageDecoder(new IngestionOptions().MaxMessageBytes).Decode(
            new InboundMessage { Type = type, Body = body, ReceivedAt = TimeProvider.System.GetUtcNow(), Tag = 0 });
        return LogMerge.Apply(log, decoded.Message!).Log!;
    }
}
