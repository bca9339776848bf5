using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>Verdicts on that Log were stored.</summary>
[EntityName("worker.evaluators-finished")]
[MessageUrn("worker:evaluators-finished")]
internal sealed record EvaluatorsFinished(string LogId) : IRunMessage;
