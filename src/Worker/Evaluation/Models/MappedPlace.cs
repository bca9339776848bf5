namespace Worker.Evaluation.Models;

/// <summary>Which of several Logs, in the order of the trace. In Evaluator files in lower case.</summary>
internal enum MappedPlace
{
    Last,
    First,
    All,
}
