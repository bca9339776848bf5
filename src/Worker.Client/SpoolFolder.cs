namespace Worker.Client;

/// <summary>
/// A sub-folder that no other process writes to while this one lives: whoever holds its file <c>lock</c> has it, and a
/// process that is killed holds nothing. Lock files stay, so that no two processes can hold different files of one
/// name.
/// </summary>
internal sealed class SpoolFolder : IDisposable
{
    private const int Most = 1000;
    private const string Extension = ".segment";

    private readonly string _path;
    private readonly FileStream _lock;
    private long _last;

    private SpoolFolder(string path, FileStream held)
    {
        _path = path;
        _lock = held;
        Segments = [.. Directory.GetFiles(path, "*" + Extension)
            .Where(file => long.TryParse(Path.GetFileNameWithoutExtension(file), out _))
            .OrderBy(NumberOf)];
        _last = Segments.Count == 0 ? 0 : NumberOf(Segments[^1]);
    }

    /// <summary>What was there when it was taken, the oldest first.</summary>
    public List<string> Segments { get; }

    /// <summary>
    /// Takes the first that is free, and into it what lies in others that are. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static SpoolFolder Take(string root)
    {
        SpoolFolder? own = null;
        try
        {
            for (var number = 0; number < Most; number++)
            {
                var path = Path.Combine(root, $"{number}");
                if (own is not null && !Directory.Exists(path))
                    break;
                if (TryTake(path) is not { } taken)
                    continue;
                if (own is null)
                {
                    own = taken;
                    continue;
                }

                using (taken)
                    own.Adopt(taken);
            }
        }
        catch
        {
            own?.Dispose();
            throw;
        }

        return own ?? throw new IOException($"{root} has no sub-folder that no other process holds.");
    }

    /// <summary>The path of a segment that comes after all others.</summary>
    public string Next() => Path.Combine(_path, $"{++_last:D12}{Extension}");

    public void Dispose() => _lock.Dispose();

    /// <summary>Readable by this user alone: it holds what is logged.</summary>
    public static FileStream Create(string path, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Null where another process holds it.</summary>
    private static SpoolFolder? TryTake(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var file = Path.Combine(path, "lock");
        FileStream held;
        try
        {
            held = Create(file, FileMode.OpenOrCreate);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }

        try
        {
            return new SpoolFolder(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void Adopt(SpoolFolder other)
    {
        foreach (var segment in other.Segments)
        {
            var to = Next();
            File.Move(segment, to);
            Segments.Add(to);
        }
    }

    private static long NumberOf(string segment) =>
        long.Parse(Path.GetFileNameWithoutExtension(segment), System.Globalization.CultureInfo.InvariantCulture);
}
