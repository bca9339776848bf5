using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Worker.Testing.Processes;

/// <summary>The built worker as an operator runs it: <c>worker run</c>, configured by the environment.</summary>
internal sealed partial class WorkerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _heard = new();
    private readonly Task _hearing;

    private WorkerProcess(Process process)
    {
        _process = process;
        _hearing = Task.WhenAll(HearAsync(process.StandardOutput), HearAsync(process.StandardError));
    }

    /// <summary>Everything it has said so far, on both streams.</summary>
    public string Heard
    {
        get
        {
            lock (_heard)
                return _heard.ToString();
        }
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>The memory that it has now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most that it has had so far.</summary>
    public long PeakResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <param name="broker">Null: the embedded inbox.</param>
    /// <param name="settings">Further keys, with a colon, e.g. <c>Evaluation:Lease</c>.</param>
    public static WorkerProcess Run(string storage, Uri? broker, IReadOnlyDictionary<string, string>? settings = null) =>
        Start([Programs.Worker, "run"], storage, broker, settings);

    /// <summary>Another version of the program, as <c>worker run</c>.</summary>
    /// <param name="program">Its <c>worker.dll</c>.</param>
    public static WorkerProcess RunOther(
        string program, string storage, Uri? broker, IReadOnlyDictionary<string, string>? settings = null) =>
        Start([program, "run"], storage, broker, settings);

    /// <summary>Any command, while it runs.</summary>
    public static WorkerProcess Begin(
        string storage, IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        Start([Programs.Worker, .. arguments], storage, broker: null, settings);

    /// <summary>One with a front, on a free port: <c>run</c>, or <c>serve</c> for the front alone.</summary>
    public static WorkerProcess Front(
        string command, string storage, Uri? broker, IReadOnlyDictionary<string, string>? settings = null) => Start(
        [Programs.Worker, command],
        storage,
        broker,
        Joined(
            new Dictionary<string, string> { ["Front:Enabled"] = "true", ["Front:Address"] = "http://127.0.0.1:0" },
            settings ?? new Dictionary<string, string>()));

    private static WorkerProcess Start(
        string[] arguments, string storage, Uri? broker, IReadOnlyDictionary<string, string>? settings)
    {
        var process = new Process { StartInfo = Programs.Info(Programs.Dotnet, arguments, Environment(storage, broker, settings)) };
        process.Start();
        process.StandardInput.Close();
        return new WorkerProcess(process);
    }

    /// <summary>Another command of the same program on the same store, to its end.</summary>
    public static Task<ProgramResult> CommandAsync(string storage, Uri? broker, params string[] arguments) =>
        CommandAsync(storage, broker, new Dictionary<string, string>(), arguments);

    public static Task<ProgramResult> CommandAsync(
        string storage, Uri? broker, IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        Programs.RunAsync(Programs.Dotnet, [Programs.Worker, .. arguments], Environment(storage, broker, settings));

    /// <summary>Of a key in both the latter counts.</summary>
    public static Dictionary<string, string> Joined(
        IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> further) =>
        settings.Where(setting => !further.ContainsKey(setting.Key)).Concat(further).ToDictionary();

    /// <summary>
    /// Waits for something that this worker will bring about; fails at once, with what it said, when it has ended.
    /// </summary>
    public async Task UntilAsync(string what, Func<Task<bool>> look, TimeSpan? limit = null)
    {
        try
        {
            await Eventually.IsTrueAsync(what, async () =>
            {
                if (await look())
                    return true;
                HasEnded.ShouldBeFalse("the worker has ended");
                return false;
            }, limit);
        }
        catch (Exception exception) when (exception is TimeoutException or ShouldAssertException)
        {
            throw new InvalidOperationException($"{exception.Message}\nThe worker said:\n{Heard}", exception);
        }
    }

    public Task UntilAsync(string what, Func<bool> look) => UntilAsync(what, () => Task.FromResult(look()));

    /// <summary>Where its front listens, once it does: the base of what clients ask for.</summary>
    public async Task<Uri> FrontAsync()
    {
        await UntilAsync("the front listens", () => FrontLine().IsMatch(Heard));
        return new Uri(FrontLine().Match(Heard).Groups[1].Value);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, then its exit code; throws when it has not ended in time.</summary>
    public async Task<int> TerminateAsync(TimeSpan limit)
    {
        _ = Signal(_process.Id, SigTerm);
        return await ExitAsync(limit);
    }

    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The worker had not ended after {limit}. It said:\n{Heard}");
        }

        await _hearing;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(Heard);
        _process.Dispose();
    }

    /// <summary>What leads the program to that store and that broker.</summary>
    public static Dictionary<string, string> Environment(
        string storage, Uri? broker, IReadOnlyDictionary<string, string>? settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["Storage__Path"] = storage,
            ["DOTNET_gcServer"] = "0",

            // Many run side by side; a test of the front says where it listens.
            ["Front__Enabled"] = "false",
        };
        if (broker is not null)
            environment["ConnectionStrings__RabbitMq"] = broker.ToString();
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return environment;
    }

    private async Task HearAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_heard)
                _heard.AppendLine(line);
        }
    }

    [GeneratedRegex(@"^Front: (http://\S+/v5),", RegexOptions.Multiline)]
    private static partial Regex FrontLine();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int Signal(int process, int signal);
}
