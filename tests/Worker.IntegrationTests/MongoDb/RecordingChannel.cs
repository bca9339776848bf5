using System.Collections.Concurrent;
using Worker.Storage.Bson;
using Worker.Storage.MongoDb;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>Passes commands on, and remembers them.</summary>
internal sealed class RecordingChannel(IMongoChannel channel) : IMongoChannel
{
    public ConcurrentQueue<BsonView> Commands { get; } = [];

    public Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        Commands.Enqueue(new BsonView(command.ToArray()));
        return channel.RunAsync(database, command, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
