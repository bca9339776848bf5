namespace Worker.Storage.MongoDb;

/// <summary>A command that waits for a thread, or is under way on one.</summary>
internal sealed class MongocCall(string database, ReadOnlyMemory<byte> command)
{
    // The caller goes on elsewhere than on the thread that has served it.
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ReadOnlyMemory<byte>> Reply => _reply.Task;

    /// <summary>Blocks.</summary>
    public void Run(MongocMemory memory, Func<MongocPool> pool)
    {
        try
        {
            using var client = new MongocClient(pool());
            if (client.IsInvalid)
                throw new MongoException(MongoFault.Network, 0, "No connection came free in time.");
            _reply.SetResult(memory.Run(client, database, command));
        }
        catch (Exception exception)
        {
            // Whatever it is, it is the caller's: the thread serves others.
            _reply.SetException(exception);
        }
    }
}
