namespace Worker.Storage.MongoDb;

/// <summary>What became of writes, but for those that just did.</summary>
/// <param name="Done">How many found a document, or inserted or removed one.</param>
/// <param name="Lost">They would have inserted what is there already (duplicate key).</param>
/// <param name="Inserted">They found no document and inserted one.</param>
internal sealed record MongoWriteResult(
    long Done, IReadOnlyCollection<MongoWrite> Lost, IReadOnlyCollection<MongoWrite> Inserted);
