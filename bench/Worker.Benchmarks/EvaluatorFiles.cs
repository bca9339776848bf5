namespace Worker.Benchmarks;

/// <summary>A folder of Evaluators in place of those that are shipped, all attached to every Flow. Removed afterwards.</summary>
internal sealed class EvaluatorFiles : IDisposable
{
    private static readonly string[] Rules =
    [
        "rule: { duration: { of: logs }, lt: 30s }",
        "rule: { repeated: { of: tools, by: [path, inputs] }, equals: 0 }",
        "rule: { none: { of: tools, where: { field: error, exists: true } } }",
        "rule: { any: { of: head, where: { field: output, exists: true } } }",
    ];

    private readonly string _path = Directory.CreateTempSubdirectory("worker-bench-evaluators-").FullName;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Evaluation:Evaluators"] = _path };

    public static EvaluatorFiles OfRules(int count)
    {
        var files = new EvaluatorFiles();
        for (var i = 0; i < count; i++)
            files.Write($"rule-{i}", $"kind: rules\nreturn_type: boolean\n{Rules[i % Rules.Length]}");
        return files;
    }

    public static EvaluatorFiles OfModels(int count)
    {
        var files = new EvaluatorFiles();
        for (var i = 0; i < count; i++)
            files.Write(
                $"judge-{i}",
                """
                kind: llm
                model: small-1
                return_type: number
                number_limits: { min: 1, max: 5 }
                prompt: |
                  How good is it? {{log.inputs}} {{log.output}}
                """);
        return files;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private void Write(string name, string rest) => File.WriteAllText(
        Path.Combine(_path, name + ".yaml"),
        $"path: bench/{name}\nattach: [{{ kind: flow, path: \"**\" }}]\n{rest}\n");
}
