using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Hands an attempt to the runner and lets the message go: the attempt's lease stands for it from then on.
/// </summary>
internal sealed class RunEvaluatorsConsumer(AttemptQueue runner) : IConsumer<RunEvaluators>
{
    public Task Consume(ConsumeContext<RunEvaluators> context) =>
        runner.OfferAsync(new Attempt(context.Message.LogId, context.Message.Revision), context.CancellationToken);
}
