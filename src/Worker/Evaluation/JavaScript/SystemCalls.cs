using System.Runtime.InteropServices;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// The kernel of a call: a list of the system calls that it may make. Every other is refused with EPERM; one by another
/// architecture's numbers ends the process. Nothing can be opened: all that a call needs was loaded before.
/// </summary>
internal static class SystemCalls
{
    private const uint X32 = 0x40000000;
    private const uint Allow = 0x7FFF0000;
    private const uint Refuse = 0x00050000 | 1;
    private const uint End = 0x80000000;

    private const ushort Load = 0x20;
    private const ushort IsEqual = 0x15;
    private const ushort IsAtLeast = 0x35;
    private const ushort Return = 0x06;

    private static readonly Dictionary<Architecture, (int Column, uint Audit)> Machines = new()
    {
        [Architecture.X64] = (0, 0xC000003E),
        [Architecture.Arm64] = (1, 0xC00000B7),
    };

    /// <summary>Their numbers on x86-64 and on arm64; −1: that architecture has no such call.</summary>
    private static readonly Dictionary<string, int[]> Allowed = new()
    {
        // Memory.
        ["mmap"] = [9, 222], ["munmap"] = [11, 215], ["mremap"] = [25, 216], ["mprotect"] = [10, 226],
        ["madvise"] = [28, 233], ["brk"] = [12, 214], ["membarrier"] = [324, 283],

        // What it holds: its output and its answer.
        ["read"] = [0, 63], ["write"] = [1, 64], ["writev"] = [20, 66], ["fstat"] = [5, 80], ["lseek"] = [8, 62],
        ["close"] = [3, 57], ["poll"] = [7, -1], ["ppoll"] = [271, 73],

        // Time.
        ["clock_gettime"] = [228, 113], ["clock_getres"] = [229, 114], ["gettimeofday"] = [96, 169],
        ["time"] = [201, -1], ["nanosleep"] = [35, 101], ["clock_nanosleep"] = [230, 115], ["getrusage"] = [98, 165],

        // Its own signals, and waiting for itself.
        ["rt_sigaction"] = [13, 134], ["rt_sigprocmask"] = [14, 135], ["rt_sigreturn"] = [15, 139],
        ["sigaltstack"] = [131, 132], ["restart_syscall"] = [219, 128], ["futex"] = [202, 98],
        ["sched_yield"] = [24, 124],

        // Its own name, and the machine's size.
        ["getpid"] = [39, 172], ["getppid"] = [110, 173], ["gettid"] = [186, 178], ["sysinfo"] = [99, 179],
        ["sched_getaffinity"] = [204, 123], ["getcpu"] = [309, 168], ["getrandom"] = [318, 278],

        // The end.
        ["exit"] = [60, 93], ["exit_group"] = [231, 94],
    };

    /// <summary>
    /// The filter in the kernel's classic BPF, as <c>prctl</c> takes it, for as long as this process lives. Null where
    /// there is no list for this kind of processor.
    /// </summary>
    public static nint? Filter()
    {
        if (!Machines.TryGetValue(RuntimeInformation.ProcessArchitecture, out var machine))
            return null;
        var steps = Steps(machine.Column, machine.Audit).ToArray();
        var code = Marshal.AllocHGlobal(steps.Length * sizeof(ulong));
        for (var i = 0; i < steps.Length; i++)
            Marshal.WriteInt64(code, i * sizeof(ulong), steps[i]);
        var program = Marshal.AllocHGlobal(2 * nint.Size);
        Marshal.WriteIntPtr(program, steps.Length);
        Marshal.WriteIntPtr(program, nint.Size, code);
        return program;
    }

    private static IEnumerable<long> Steps(int column, uint audit)
    {
        yield return Step(Load, 0, 0, 4);
        yield return Step(IsEqual, 1, 0, audit);
        yield return Step(Return, 0, 0, End);
        yield return Step(Load, 0, 0, 0);
        if (column == 0)
        {
            yield return Step(IsAtLeast, 0, 1, X32);
            yield return Step(Return, 0, 0, End);
        }

        foreach (var number in Allowed.Values.Select(numbers => numbers[column]).Where(number => number >= 0))
        {
            yield return Step(IsEqual, 0, 1, (uint)number);
            yield return Step(Return, 0, 0, Allow);
        }

        yield return Step(Return, 0, 0, Refuse);
    }

    /// <summary>Two bytes of code, one each of steps to skip if so and if not, four of the operand.</summary>
    private static long Step(ushort code, byte ifSo, byte ifNot, uint operand) =>
        code | (long)ifSo << 16 | (long)ifNot << 24 | (long)operand << 32;
}
