namespace Worker.Testing.Processes;

/// <summary>A folder for one test's store, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("worker-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
