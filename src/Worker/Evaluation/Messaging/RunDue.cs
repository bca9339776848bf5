using MassTransit;

namespace Worker.Evaluation.Messaging;

/// <summary>That Log's run was claimed as due.</summary>
[EntityName("worker.run-due")]
[MessageUrn("worker:run-due")]
internal sealed record RunDue(string LogId) : IRunMessage;
