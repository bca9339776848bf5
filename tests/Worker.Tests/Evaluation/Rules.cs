using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;
using Worker.Runs;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

/// <summary>Evaluators from the text of their rule.</summary>
internal static class Rules
{
    /// <summary>Knows the kind <c>rules</c> alone.</summary>
    public static readonly EvaluatorReader Reader = new([new RuleEvaluator()]);

    /// <summary>The judgment of that rule, as JSON; null is an abstention.</summary>
    public static string? Judge(string rule, params Log[] members) => Judge(rule, "boolean", members);

    public static string? Measure(string rule, params Log[] members) => Judge(rule, "number", members);

    public static Evaluator Evaluator(
        string rule = "any: { of: head }",
        string path = "checks/one",
        string returns = "boolean",
        string attach = "{ kind: flow, path: '**' }",
        string? when = null)
    {
        var mistakes = new YamlErrors("test.yaml");
        var evaluator = Reader.Read(
            $$"""
            path: {{path}}
            kind: rules
            return_type: {{returns}}
            attach: [{{attach}}]
            rule: { {{rule}} }
            """ + (when is null ? "" : $$"""

            when: { {{when}} }
            """),
            mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return evaluator!;
    }

    /// <summary>The same Evaluator with something else that judges.</summary>
    public static Evaluator With(this Evaluator evaluator, Func<Fold<JsonValue>> begin) =>
        evaluator with { Judging = evaluator.Judging with { Begin = begin } };

    /// <summary>As a run holds it that waits for it.</summary>
    public static Pin Pin(this Evaluator evaluator) => new(evaluator.Id, evaluator.VersionId, Outcome.Waiting, null);

    /// <summary>An Evaluator of booleans that is called.</summary>
    public static Evaluator Called(
        Func<EvaluatorInput, CancellationToken, Task<EvaluatorAnswer>> answer,
        string path = "called",
        CallLimits? limits = null,
        Expense most = default)
    {
        var evaluator = Evaluator(path: path);
        return evaluator with
        {
            Judging = new(evaluator.Judging.Returns, Call: new ScriptedCall(answer, most)),
            Limits = limits ?? CallLimits.Default,
        };
    }

    /// <summary>What the Evaluator says of a trace of those members, the head first.</summary>
    public static JsonValue? Judge(this Evaluator evaluator, params IReadOnlyList<Log> members) =>
        Judge(evaluator, members, WholeTraces.ShapeOf(members));

    /// <inheritdoc cref="Judge(Evaluator, IReadOnlyList{Log})"/>
    public static JsonValue? Judge(this Evaluator evaluator, IReadOnlyList<Log> members, TraceShape shape)
    {
        var fold = evaluator.Judging.Begin!();
        foreach (var (place, log) in members.Index())
            fold.Take(new(shape, place, log));
        return fold.Result();
    }

    private static string? Judge(string rule, string returns, Log[] members) =>
        Evaluator(rule, returns: returns).Judge(members)?.ToString();

    private sealed class ScriptedCall(
        Func<EvaluatorInput, CancellationToken, Task<EvaluatorAnswer>> answer, Expense most) : IEvaluatorCall
    {
        public Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken) =>
            answer(input, cancellationToken);

        public Expense MostOf(EvaluatorInput input) => most;
    }
}
