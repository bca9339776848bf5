using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.Models;
using Worker.Tests.Deployment;
using Worker.Tests.Evaluation.Models;
using Worker.Tests.Evaluation.Python;
using Worker.Masking;

namespace Worker.Tests.Evaluation.Library;

/// <summary>The library's files, read by the kinds that are meant to read them, over real Python hosts.</summary>
public sealed class LibraryWorld : IDisposable
{
    public static readonly string Folder = Path.Combine(Repository.Root, "config", "evaluators", "library");

    private readonly Lazy<PythonUnderTest> _python = new(() => new PythonUnderTest(options => options.MemoryMiB = 256));
    private readonly ModelClients _clients = new();

    /// <summary>The names of the files, as <c>json-valid</c>.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Order(StringComparer.Ordinal);

    /// <summary>A model is asked.</summary>
    public static bool IsJudge(string name) => File.ReadLines(PathOf(name)).Contains("kind: llm");

    /// <param name="url">Of whoever speaks for the models; nobody where it is null.</param>
    internal EvaluatorReader Reader(string? url = null) => new(
    [
        new RuleEvaluator(),
        new LlmEvaluator(Judges.Settings(url ?? "http://127.0.0.1:1/v1"), _clients, new(), TimeProvider.System),
        new CodeEvaluator(Pool(), Options.Create(new EvaluationOptions())),
    ]);

    /// <summary>What that Evaluator says of the trace that those messages log.</summary>
    internal async Task<TrialResult> JudgeAsync(string name, LibraryCase @case, string? url)
    {
        var store = new InMemoryStore();
        var ingestion = new TestIngestion(StoreUnderTest.Of(store), TimeProvider.System)
        {
            // Else nothing that Evaluators look for would be there.
            Masker = Masker.Off,
        };
        await ingestion.SendAsync([.. @case.Messages()]);
        ingestion.DeadLetters.ShouldBeEmpty();
        var folder = new EvaluatorFolder(Reader(url), Folder);
        var trial = new EvaluatorTrial(
            folder, new(store, store), Runners.InputOf(store), new LargeTraces(TimeProvider.System), TimeProvider.System);
        var evaluator = trial.Load(PathOf(name));
        return (await trial.JudgeAsync(evaluator, "head", TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    public void Dispose()
    {
        _clients.Dispose();
        if (_python.IsValueCreated)
            _python.Value.Dispose();
    }

    private static string PathOf(string name) => Path.Combine(Folder, $"{name}.yaml");

    private CodePool Pool() => _python.Value.Pool;
}
