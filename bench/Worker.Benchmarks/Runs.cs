using Microsoft.Data.Sqlite;

namespace Worker.Benchmarks;

/// <summary>Counts runs beside the worker that makes them, without its services.</summary>
internal sealed class Runs : IDisposable
{
    private readonly SqliteConnection _connection;

    public Runs(string storage)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(storage, "worker.db"), Mode = SqliteOpenMode.ReadOnly }.ToString());
        _connection.Open();
    }

    public long Judged()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM runs WHERE judged_at IS NOT NULL";
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose() => _connection.Dispose();
}
