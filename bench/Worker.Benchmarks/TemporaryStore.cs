namespace Worker.Benchmarks;

/// <summary>A folder for a measured worker's store, removed afterwards.</summary>
internal sealed class TemporaryStore : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("worker-bench-").FullName;

    public double MegabytesStored => new DirectoryInfo(Path).EnumerateFiles().Sum(file => file.Length) / 1e6;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
