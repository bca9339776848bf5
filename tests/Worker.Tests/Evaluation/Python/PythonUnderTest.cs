using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Testing;
using Worker.Evaluation;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.Python;

namespace Worker.Tests.Evaluation.Python;

/// <summary>
/// Real hosts, as an ordinary user even where the tests run as root. Where that cannot be had the test is skipped.
/// </summary>
internal sealed class PythonUnderTest : IDisposable
{
    private const string Nobody = "--reuid 65534 --regid 65534 --clear-groups";

    private static readonly Lazy<string?> Interpreter = new(FindInterpreter);

    private readonly string _folder = $"/tmp/worker-python-{Guid.NewGuid():N}";

    /// <param name="before">Of the interpreter on its command line, e.g. what starts it in a certain way.</param>
    /// <param name="flags">For host.py.</param>
    /// <param name="time">For the worker's side; the host has its own.</param>
    public PythonUnderTest(
        Action<PythonOptions>? set = null, string before = "", string flags = "", TimeProvider? time = null)
    {
        if (Interpreter.Value is not { } python)
        {
            Assert.Skip("There is no Python 3.9 or newer that an ordinary user may run, or no setpriv to become one.");
            return;
        }

        // Not in the folder for temporary files, which may be root's alone.
        Directory.CreateDirectory(Scripts);
        foreach (var script in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "python"), "*.py"))
            File.Copy(script, Path.Combine(Scripts, Path.GetFileName(script)));
        var start = Path.Combine(_folder, "python");
        File.WriteAllText(start, $"#!/bin/sh\nexec {AsNobody}{before} {python} \"$@\" {flags}\n");
        MakeExecutable(start);
        Options = new PythonOptions { Path = start, Hosts = 1, MemoryMiB = 64, Timeout = TimeSpan.FromMinutes(1) };
        set?.Invoke(Options);
        var language = new PythonLanguage(Microsoft.Extensions.Options.Options.Create(Options)) { Scripts = Scripts };
        Pool = new CodePool(language, time ?? TimeProvider.System, Logger);
    }

    /// <summary>What begins a command, so that an ordinary user runs it.</summary>
    public static string AsNobody => Environment.IsPrivilegedProcess ? $"/usr/bin/setpriv {Nobody} " : "";

    public static string Python => Interpreter.Value!;

    public string Scripts => Path.Combine(_folder, "scripts");

    public FakeLogger<CodePool> Logger { get; } = new();

    public PythonOptions Options { get; } = new();

    public CodePool Pool { get; } = null!;

    public static void MakeExecutable(string file)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    public async Task<EvaluatorAnswer> AskAsync(
        string code, object? log = null, double? seconds = null, CancellationToken cancellationToken = default)
    {
        var timeout = seconds is { } given ? TimeSpan.FromSeconds(given) : Options.Timeout;
        var input = new EvaluatorInput(
            "key", "log", 1, "monitoring/under-test", "evv_1", JsonSerializer.SerializeToUtf8Bytes(log ?? new { }), false);
        return await new CodeCall(Pool, ReturnType.Boolean, code, timeout).AskAsync(input, cancellationToken);
    }

    /// <summary>The judgment of that code as JSON; fails where there is none.</summary>
    public async Task<string> JudgeAsync(string code, object? log = null)
    {
        var answer = await AskAsync(code, log, cancellationToken: TestContext.Current.CancellationToken);
        answer.Error.ShouldBeNull();
        return answer.Judgment.ShouldNotBeNull().ToString();
    }

    /// <summary>The process of the host that makes the next call.</summary>
    public async Task<int> HostAsync() =>
        int.Parse(
            await JudgeAsync("import os\ndef f(log): return os.getppid()"),
            System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Pool?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static string? FindInterpreter() =>
        new[] { Environment.GetEnvironmentVariable("WORKER_TEST_PYTHON"), "/usr/bin/python3", "/usr/local/bin/python3" }
            .OfType<string>().Where(File.Exists).FirstOrDefault(IsOrdinary);

    private static bool IsOrdinary(string python)
    {
        if (Environment.IsPrivilegedProcess && !File.Exists("/usr/bin/setpriv"))
            return false;
        using var process = Process.Start(
            "/bin/sh", ["-c", $"{AsNobody}{python} -c 'import sys, ctypes; sys.exit(sys.version_info < (3, 9))'"])!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
