namespace Worker.Storage.MongoDb;

/// <summary>What became of updates, but for those that just did.</summary>
/// <param name="Matched">How many found a document or inserted one.</param>
/// <param name="Lost">They would have inserted what is there already (duplicate key).</param>
/// <param name="Inserted">They found no document and inserted one.</param>
internal sealed record MongoUpdateResult(long Matched, IReadOnlyCollection<MongoUpdate> Lost, IReadOnlyCollection<MongoUpdate> Inserted);
