using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>That Log's run was claimed as due.</summary>
[EntityName("worker.run-due")]
[MessageUrn("worker:run-due")]
internal sealed record RunDue(string LogId) : IRunMessage;
