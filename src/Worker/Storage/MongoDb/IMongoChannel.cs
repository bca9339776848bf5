namespace Worker.Storage.MongoDb;

/// <summary>Carries commands to a MongoDB deployment, as BSON. Any number may be under way at once.</summary>
internal interface IMongoChannel : IAsyncDisposable
{
    /// <summary>
    /// Runs a command on the primary and returns the server's reply, whatever it says: <c>ok: 0</c> and <c>writeErrors</c> too.
    /// Throws <see cref="MongoException"/> when there was no reply; the command may then have been done. A call that is
    /// cancelled ends at once, and its command may be done later.
    /// </summary>
    Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken);
}
