using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>A revision has Evaluators that have not answered: run them.</summary>
[EntityName("worker.run-evaluators")]
[MessageUrn("worker:run-evaluators")]
internal sealed record RunEvaluators(string LogId, int Revision);
