using System.Globalization;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// What a call gives up before a line of an Evaluator's code is parsed. None of it needs a privilege. Made once, in the
/// host; closed by each child on itself, where no other thread is left.
/// </summary>
/// <remarks>strict: limits, and a list of system calls. limits: the limits alone. none: nothing.</remarks>
internal sealed class ProcessFence
{
    /// <summary>Of processor time over the wall clock, which comes first.</summary>
    private const ulong SpareSeconds = 2;

    private const int FilterMode = 2;

    private const int LastDescriptor = 1024;

    private readonly string _level;
    private readonly nint? _filter;
    private readonly ulong _base;

    /// <summary>Throws <see cref="IOException"/> where the system cannot give that level.</summary>
    public ProcessFence(string level)
    {
        _level = level;
        _base = Data();
        if (level != "none")
            Libc.Check(Libc.PrCtl(Libc.NoNewPrivileges, 1, 0, 0, 0), "no_new_privs");
        if (level == "strict")
            _filter = SystemCalls.Filter() ?? throw new IOException("a list of system calls for this processor");
    }

    /// <summary>Closes every descriptor but 0 to 3, and then the fence. Throws <see cref="IOException"/>.</summary>
    /// <param name="memory">Bytes, above what the host itself has.</param>
    public void Close(long memory, int seconds)
    {
        if (_level != "none")
            Limit(_base + (ulong)memory, (ulong)seconds);
        if (Libc.SystemCall(Libc.CloseRange, 4, int.MaxValue, 0) != 0)
        {
            for (var descriptor = 4; descriptor < LastDescriptor; descriptor++)
                _ = Libc.Close(descriptor);
        }

        if (_filter is { } filter)
            Libc.Check(Libc.PrCtl(Libc.Seccomp, FilterMode, filter, 0, 0), "seccomp");
    }

    /// <summary>
    /// The runtime reserves addresses by the hundred gigabytes, so it is not those that are bounded but what of them
    /// can be written.
    /// </summary>
    private static void Limit(ulong data, ulong seconds)
    {
        (int Resource, ulong Most)[] limits =
        [
            (0, seconds + SpareSeconds), // CPU
            (1, 0), // FSIZE
            (2, data), // DATA
            (4, 0), // CORE
            (7, 32), // NOFILE
            (6, 0), // NPROC, of all processes of the user: no other number would mean this call alone
        ];
        foreach (var (resource, most) in limits)
            Libc.Check(Libc.SetLimit(resource, [most, most]), "setrlimit");
    }

    private static ulong Data() =>
        ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[5], CultureInfo.InvariantCulture)
        * (ulong)Environment.SystemPageSize;
}
