using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using Worker.Storage.MongoDb;
using Worker.Storage.Sqlite;

namespace Worker.Benchmarks;

/// <summary>Counts the judged runs of the worker's store, in one statement that is the store's own to answer.</summary>
internal sealed class Runs : IDisposable
{
    private readonly SqliteConnection? _file;
    private readonly MongoDatabase? _server;

    public Runs(IServiceProvider services)
    {
        _server = services.GetService<MongoDatabase>();
        if (_server is not null)
            return;

        // Beside a server there is the local file, too, for what cannot be sent: it has no runs.
        var database = services.GetRequiredService<SqliteDatabase>();
        _file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database.File, Mode = SqliteOpenMode.ReadOnly }.ToString());
        _file.Open();
    }

    public async Task<long> JudgedAsync()
    {
        if (_file is not null)
        {
            using var command = _file.CreateCommand();
            command.CommandText = "SELECT count(*) FROM runs WHERE judged_at IS NOT NULL";
            return (long)command.ExecuteScalar()!;
        }

        var judged = new BsonDocument("judged_at", MongoFilter.Exists(true));
        return await _server!.Collection(MongoCollections.Runs).CountDocumentsAsync(judged);
    }

    public void Dispose() => _file?.Dispose();
}
