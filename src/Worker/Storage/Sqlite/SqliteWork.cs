
namespace Worker.Storage.Sqlite;

/// <summary>
/// A write that waits for its turn. It may run more than once before it is completed; only the last run counts.
/// </summary>
internal abstract class SqliteWork
{
    public abstract void Run(SqliteSession session);

    /// <summary>Tells the caller, once what was run is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

internal sealed class SqliteWork<T>(Func<SqliteSession, T> operation) : SqliteWork
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Completion => _completion.Task;

    public override void Run(SqliteSession session) => _result = operation(session);

    public override void Complete() => _completion.SetResult(_result);

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
