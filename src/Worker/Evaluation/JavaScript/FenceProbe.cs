using System.Text;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// Whether the fence holds here. Tried and not assumed: a sandbox around the worker may know less than its kernel.
/// </summary>
internal static class FenceProbe
{
    private const int Seconds = 10;
    private const long Memory = 64 << 20;
    private const int WriteOrCreate = 1 | 64;
    private const int Directory = 65536;
    private const int PrivateAnonymous = 2 | 32;

    /// <summary>Each gives what the system call answers; below zero, it was refused.</summary>
    private static readonly (string Name, Func<nint> Attempt)[] Attempts =
    [
        ("a file can be read", () => Open("/etc/passwd", 0)),
        ("a folder can be listed", () => Open("/", Directory)),
        ("the environment of another process can be read", () => Open($"/proc/{Libc.GetParent()}/environ", 0)),
        ("a file can be written", Write),
        ("a network socket can be opened", () => Libc.Socket(2, 1, 0)),
        ("a local socket can be opened", () => Libc.Socket(1, 2, 0)),
        ("another process can be signalled", () => Libc.Kill(Libc.GetParent(), 0)),
        ("memory is without limit", () => Libc.Map(0, (nuint)16 << 30, 3, PrivateAnonymous, -1, 0)),
        ("a process can be started", Fork),
        ("a program can be run", () => Libc.Execute(Text("/bin/true"), [0])),
    ];

    /// <summary>What the fence does not hold, in words; nothing where it holds.</summary>
    public static IReadOnlyList<string> Missing(ProcessFence fence)
    {
        var ends = new int[2];
        Libc.Check(Libc.Pipe(ends), "pipe");
        var child = Libc.Check(Libc.Fork(), "fork");
        if (child == 0)
        {
            _ = Libc.Duplicate(ends[1], 3);
            Tell(fence);
            Libc.Exit(0);
        }

        _ = Libc.Close(ends[1]);
        var said = Read(ends[0]);
        _ = Libc.Close(ends[0]);
        _ = Libc.Kill(child, Libc.KillSignal);
        _ = Libc.WaitPid(child, out _, 0);
        return said.EndsWith(".\n", StringComparison.Ordinal)
            ? said.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1]
            : ["a process in the fence does not live", .. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Tell(ProcessFence fence)
    {
        try
        {
            fence.Close(Memory, Seconds);
        }
        catch (IOException failure)
        {
            Descriptors.Write(3, Encoding.UTF8.GetBytes($"it cannot be closed: {failure.Message}\n.\n"));
            return;
        }

        foreach (var (name, attempt) in Attempts)
        {
            if (attempt() >= 0)
                Descriptors.Write(3, Encoding.UTF8.GetBytes($"{name}\n"));
        }

        Descriptors.Write(3, ".\n"u8);
    }

    private static string Read(int descriptor)
    {
        var room = new Room();
        room.Prepare(descriptor, 4096);
        var poll = new PollDescriptor[] { new(descriptor, PollDescriptor.Readable) };
        while (Libc.Poll(poll, 1, Seconds * 1000) > 0 && room.Take())
        {
        }

        return Encoding.UTF8.GetString(room.Content);
    }

    private static int Open(string path, int flags) => Libc.Open(Text(path), flags, 0);

    private static nint Write()
    {
        var path = Text($"/tmp/worker-probe-{Libc.GetPid()}");
        var file = Libc.Open(path, WriteOrCreate, 0x180);
        if (file >= 0)
            _ = Libc.Unlink(path);
        return file;
    }

    private static nint Fork()
    {
        var child = Libc.Fork();
        if (child == 0)
            Libc.Exit(0);
        return child;
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
