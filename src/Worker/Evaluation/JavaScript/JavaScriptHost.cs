using System.Reflection;
using System.Text.Json;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// The host of javascript Evaluators, a process of its own: the worker's own program, started with a command that is
/// not for people.
/// </summary>
/// <remarks>
/// It forks a child for each call, as host.py does, with the same words to the worker. A process of .NET may be forked
/// where nothing but the thread that forks is at work, because the child has that one alone: so methods are compiled
/// once and not again in the background, garbage is collected by who makes it, and nothing here starts a thread, a
/// timer or a task. <see cref="JavaScriptLanguage"/> sets the runtime so. What its own threads still have to do,
/// <see cref="OtherThreads"/> waits for.
/// </remarks>
internal static class JavaScriptHost
{
    public const string Command = "javascript-host";

    /// <summary>Says what the fence does not hold, and ends. For tests: strict says so by itself.</summary>
    public const string ProbeFlag = "--probe";

    /// <summary>What scripts may recurse into. The deeper it is, the longer an error takes to come up.</summary>
    private const int StackBytes = 4 << 20;

    /// <summary>Runs until its input ends; gives the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var code = 0;
        var thread = new Thread(() => code = Serve(arguments[0], arguments.Contains(ProbeFlag)), StackBytes);
        thread.Start();
        thread.Join();
        return code;
    }

    private static int Serve(string level, bool isProbe)
    {
        try
        {
            Libc.Bind();
            if (Libc.GetGroup() != Libc.GetPid())
                _ = Libc.SetSession(); // a Ctrl+C in the worker's terminal is the worker's to answer
            WarmUp.Run();
            var fence = Begin(level, isProbe);
            if (fence is null || isProbe)
                return 0;
            Settle();
            new ForkServer(fence, OtherThreads.OfThisProcess()).Serve();
            return 0;
        }
        catch (Exception failure)
        {
            Descriptors.Write(2, System.Text.Encoding.UTF8.GetBytes(failure.Message + '\n'));
            return 1;
        }
    }

    /// <summary>The fence, and what is said of it first. Null where it does not hold.</summary>
    private static ProcessFence? Begin(string level, bool isProbe)
    {
        IReadOnlyList<string> missing;
        ProcessFence? fence = null;
        try
        {
            fence = new ProcessFence(level);
            Libc.Check(Libc.PrCtl(Libc.Dumpable, 0, 0, 0, 0), "dumpable");
            missing = level == "strict" || isProbe ? FenceProbe.Missing(fence) : [];
        }
        catch (IOException failure)
        {
            missing = [failure.Message];
        }

        var version = typeof(Jint.Engine).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()!.Version;
        Descriptors.Write(1, JsonSerializer.SerializeToUtf8Bytes(new { version, landlock = 0, missing }));
        Descriptors.Write(1, "\n"u8);
        return missing.Count == 0 ? fence : null;
    }

    /// <summary>What is left of the beginning goes now, so that no other thread has anything to do later.</summary>
    private static void Settle()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
