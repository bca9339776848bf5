namespace Worker.Traces;

/// <summary>What was called: the File kind that a Log belongs to.</summary>
internal enum LogKind
{
    Tool,
    Prompt,
    Flow,
    Evaluator,
}
