using System.Text;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// Threads of the runtime beside the one that forks, such as the one of finalizers. A child has none of them, but
/// whatever they were at when it was forked: a lock that nobody gives back, a stack that nobody is on. So a fork waits
/// until all of them wait for something.
/// </summary>
/// <param name="tasks">Folders such as <c>/proc/self/task/17</c>.</param>
/// <param name="looks">At most, a millisecond after each other.</param>
internal sealed class OtherThreads(IEnumerable<string> tasks, int looks = 5000)
{
    private readonly byte[][] _states = [.. tasks.Select(task => Encoding.UTF8.GetBytes($"{task}/stat\0"))];
    private readonly byte[] _state = new byte[1024];
    private readonly PollDescriptor[] _nobody = [];

    /// <summary>Those that there are now, but for the one that asks: none may be started later.</summary>
    public static OtherThreads OfThisProcess()
    {
        var own = Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget);
        return new(Directory.GetDirectories("/proc/self/task").Where(task => Path.GetFileName(task) != own));
    }

    /// <summary>
    /// Returns when all of them sleep. Throws <see cref="InvalidOperationException"/> where they do not.
    /// </summary>
    public void AwaitSleep()
    {
        for (var look = 0; look < looks; look++)
        {
            if (Array.TrueForAll(_states, IsAsleep))
                return;
            _ = Libc.Poll(_nobody, 0, 1);
        }

        throw new InvalidOperationException("Other threads are at work, so that no child can be forked.");
    }

    /// <summary>Also when it has ended. Waiting for the processor or for a disk is no sleep.</summary>
    private bool IsAsleep(byte[] path)
    {
        var file = Libc.Open(path, 0, 0);
        if (file < 0)
            return true;
        var count = (int)Libc.Read(file, ref _state[0], _state.Length);
        _ = Libc.Close(file);

        // "17 (.NET Finalizer) S …", where the name may hold anything.
        var name = _state.AsSpan(0, Math.Max(count, 0)).LastIndexOf((byte)')');
        return name >= 0 && name + 2 < count && _state[name + 2] == 'S';
    }
}
