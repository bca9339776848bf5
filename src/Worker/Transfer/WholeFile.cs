namespace Worker.Transfer;

/// <summary>
/// A file that is there when it is whole: until then it has another name. Disposed without <see cref="CompleteAsync"/>,
/// it was none.
/// </summary>
internal sealed class WholeFile : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly string _path;
    private readonly FileStream _file;

    public WholeFile(string path)
    {
        _path = path;
        _file = new(Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
    }

    public Stream Stream => _file;

    private string Unfinished => _path + ".tmp";

    public async Task CompleteAsync()
    {
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        File.Move(Unfinished, _path, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        File.Delete(Unfinished);
    }
}
