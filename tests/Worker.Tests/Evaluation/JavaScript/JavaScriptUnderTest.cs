using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Testing;
using Worker.Evaluation;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.JavaScript;
using Worker.Tests.Evaluation.Python;

namespace Worker.Tests.Evaluation.JavaScript;

/// <summary>
/// Real hosts, as an ordinary user even where the tests run as root. Where that cannot be had the test is skipped.
/// </summary>
internal sealed class JavaScriptUnderTest : IDisposable
{
    private static readonly string Worker = Path.Combine(AppContext.BaseDirectory, "worker");

    private static readonly Lazy<bool> CanRun = new(IsOrdinary);

    private readonly string _folder = $"/tmp/worker-javascript-{Guid.NewGuid():N}";

    /// <param name="before">Of the program on its command line, e.g. what starts it in a certain way.</param>
    /// <param name="time">For the worker's side; the host has its own.</param>
    public JavaScriptUnderTest(Action<JavaScriptOptions>? set = null, string before = "", TimeProvider? time = null)
    {
        if (!CanRun.Value)
            Assert.Skip("An ordinary user may not run the worker where it was built, or there is no setpriv.");

        // Not in the folder for temporary files, which may be root's alone.
        Directory.CreateDirectory(_folder);
        var start = Path.Combine(_folder, "worker");
        File.WriteAllText(start, $"#!/bin/sh\nexec {PythonUnderTest.AsNobody}{before} {Worker} \"$@\"\n");
        PythonUnderTest.MakeExecutable(start);
        Options = new JavaScriptOptions { Hosts = 1, MemoryMiB = 64, Timeout = TimeSpan.FromMinutes(1) };
        set?.Invoke(Options);
        Language = new JavaScriptLanguage(Microsoft.Extensions.Options.Options.Create(Options)) { Program = start };
        Pool = new CodePool(Language, time ?? TimeProvider.System, Logger);
    }

    public FakeLogger<CodePool> Logger { get; } = new();

    public JavaScriptOptions Options { get; } = new();

    public JavaScriptLanguage Language { get; } = null!;

    public CodePool Pool { get; } = null!;

    /// <summary>The processes of the hosts, in the order in which they were started.</summary>
    public IReadOnlyList<int> Hosts =>
    [
        .. Logger.Of("CodeHostStarted")
            .Select(message => int.Parse(message.Split("process ")[1].Split(',')[0], CultureInfo.InvariantCulture)),
    ];

    public async Task<EvaluatorAnswer> AskAsync(
        string code,
        object? log = null,
        double? seconds = null,
        ReturnType returns = ReturnType.Boolean,
        CancellationToken cancellationToken = default)
    {
        var timeout = seconds is { } given ? TimeSpan.FromSeconds(given) : Options.Timeout;
        var input = new EvaluatorInput(
            "key", "log", 1, "monitoring/under-test", "evv_1", JsonSerializer.SerializeToUtf8Bytes(log ?? new { }), false);
        return await new CodeCall(Pool, returns, code, timeout).AskAsync(input, cancellationToken);
    }

    /// <summary>The judgment of that code as JSON; fails where there is none.</summary>
    public async Task<string> JudgeAsync(string code, object? log = null, ReturnType returns = ReturnType.Boolean)
    {
        var answer = await AskAsync(
            code, log, returns: returns, cancellationToken: TestContext.Current.CancellationToken);
        answer.Error.ShouldBeNull();
        return answer.Judgment.ShouldNotBeNull().ToString();
    }

    /// <summary>What is not held by the fence of that level, as a host itself finds it.</summary>
    public async Task<IReadOnlyList<string>> ProbeAsync(string level)
    {
        var host = Language.Host();
        var start = new ProcessStartInfo(host.Program, [host.Arguments[0], level, JavaScriptHost.ProbeFlag])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in host.Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var hello = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return [.. JsonElement.Parse(hello!).GetProperty("missing").EnumerateArray().Select(each => each.GetString()!)];
    }

    public void Dispose()
    {
        Pool?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static bool IsOrdinary()
    {
        if (!OperatingSystem.IsLinux() || (Environment.IsPrivilegedProcess && !File.Exists("/usr/bin/setpriv")))
            return false;
        using var process = Process.Start("/bin/sh", ["-c", $"{PythonUnderTest.AsNobody}test -x {Worker}"])!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
