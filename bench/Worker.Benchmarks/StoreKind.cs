namespace Worker.Benchmarks;

/// <summary>Which store is measured.</summary>
internal enum StoreKind
{
    Sqlite,
    Mongo,
}
