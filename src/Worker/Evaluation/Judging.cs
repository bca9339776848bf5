using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// How an Evaluator comes to its judgment: at once, while the trace is read (<paramref name="Begin"/>); by a call that
/// takes its time (<paramref name="Call"/>); or, where both are null, by somebody outside, who is not waited for.
/// </summary>
/// <param name="Returns">What is accepted as its judgment.</param>
/// <param name="Begin">
/// Begins to judge a trace: the fold gives the judgment. Whatever it throws becomes the verdict's error.
/// </param>
/// <param name="WaitsFor">Whom or what, where it comes from outside: words for <c>explain</c>.</param>
internal sealed record Judging(
    JudgmentType Returns,
    Func<Fold<JsonValue>>? Begin = null,
    IEvaluatorCall? Call = null,
    string WaitsFor = "a verdict from outside")
{
    public bool IsFromOutside => Begin is null && Call is null;
}
