using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>
/// A wake-up of the saga. It carries nothing but which run it is about: everything else is in the store. Nobody
/// consumes the kind as such, so it needs no exchange on the broker.
/// </summary>
[ExcludeFromTopology]
internal interface IRunMessage
{
    string LogId { get; }
}

/// <summary>That Log's run was claimed as due.</summary>
[EntityName("worker.run-due")]
[MessageUrn("worker:run-due")]
internal sealed record RunDue(string LogId) : IRunMessage;

/// <summary>Verdicts on that Log were stored.</summary>
[EntityName("worker.evaluators-finished")]
[MessageUrn("worker:evaluators-finished")]
internal sealed record EvaluatorsFinished(string LogId) : IRunMessage;

/// <summary>A revision has Evaluators that have not answered: run them.</summary>
[EntityName("worker.run-evaluators")]
[MessageUrn("worker:run-evaluators")]
internal sealed record RunEvaluators(string LogId, int Revision);
