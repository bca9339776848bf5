using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.JavaScript;
using Worker.Evaluation.Python;

namespace Worker.Benchmarks;

/// <summary>What a call of an Evaluator in code costs on warm hosts, behind the fence.</summary>
internal static class CodeBenchmark
{
    private const string Python =
        """
        import statistics
        def f(log):
            lengths = [len(child["output"]) for child in log["trace_children"]]
            return statistics.mean(lengths) < 500, f"{len(lengths)} steps"
        """;

    private const string JavaScript =
        """
        function f(log) {
          const lengths = log.trace_children.map(child => child.output.length);
          const mean = lengths.reduce((sum, each) => sum + each, 0) / lengths.length;
          return [mean < 500, `${lengths.length} steps`];
        }
        """;

    /// <summary>Milliseconds, on two cores.</summary>
    private const double Ceiling = 30;

    public static Task<int> PythonAsync(int calls, bool json, CancellationToken cancellationToken) =>
        RunAsync(new PythonLanguage(Options.Create(new PythonOptions())), Python, calls, json, cancellationToken);

    public static Task<int> JavaScriptAsync(int calls, bool json, CancellationToken cancellationToken) =>
        RunAsync(
            new JavaScriptLanguage(Options.Create(new JavaScriptOptions())), JavaScript, calls, json, cancellationToken);

    private static async Task<int> RunAsync(
        ICodeLanguage language, string code, int calls, bool json, CancellationToken cancellationToken)
    {
        var report = new Report(language.Kind, json);
        var log = Log();
        var options = language.Options;
        report.State("machine", $"{Machine.Description}");
        report.State("payload", $"{calls:N0} calls on a trace of {log.Length / 1000.0:N0} KB");
        report.State("settings", $"defaults; fence {options.Fence}, {options.Hosts} hosts");

        using var pool = new CodePool(language, TimeProvider.System, NullLogger<CodePool>.Instance);
        var call = new CodeCall(pool, ReturnType.Boolean, code, options.Timeout);
        var input = new EvaluatorInput("key", "log", 1, "benchmarks/code", "version", log, false);
        _ = await InTurnAsync(call, input, options.Hosts * 20, cancellationToken);

        var times = await InTurnAsync(call, input, calls, cancellationToken);
        report.Add(new("one after another, p50", times[calls / 2], "ms"));
        report.Add(new("one after another, p95", times[calls * 95 / 100], "ms", Ceiling: Ceiling));
        report.Add(new("one after another", calls / times.Sum() * 1000, "calls/s"));

        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0,
            calls,
            new ParallelOptions { MaxDegreeOfParallelism = options.Hosts, CancellationToken = cancellationToken },
            async (_, token) => await OnceAsync(call, input, token));
        report.Add(new("all hosts at once", calls / Stopwatch.GetElapsedTime(begun).TotalSeconds, "calls/s"));
        return report.Finish();
    }

    /// <summary>Milliseconds of each, in order.</summary>
    private static async Task<double[]> InTurnAsync(
        CodeCall call, EvaluatorInput input, int calls, CancellationToken cancellationToken)
    {
        var times = new double[calls];
        for (var i = 0; i < calls; i++)
            times[i] = await OnceAsync(call, input, cancellationToken);
        Array.Sort(times);
        return times;
    }

    private static async Task<double> OnceAsync(
        CodeCall call, EvaluatorInput input, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = await call.AskAsync(input, cancellationToken);
        return answer.Error is null
            ? Stopwatch.GetElapsedTime(begun).TotalMilliseconds
            : throw new InvalidOperationException(answer.Error);
    }

    private static byte[] Log() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = "log_1",
        output = "Your order is on its way.",
        trace_children = Enumerable.Range(0, 275).Select(number => new
        {
            id = $"log_{number}",
            start_time = "2026-01-01T00:00:00Z",
            output = new string('x', 250),
            inputs = new { order = number, region = "eu", weight = 0.5 },
        }),
    });
}
