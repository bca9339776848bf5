using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Hands an attempt to the queue and is done with the message: from then on the attempt's lease stands for it.
/// </summary>
internal sealed class RunEvaluatorsConsumer(AttemptQueue queue) : IConsumer<RunEvaluators>
{
    public Task Consume(ConsumeContext<RunEvaluators> context) =>
        queue.OfferAsync(new Attempt(context.Message.LogId, context.Message.Revision), context.CancellationToken);
}
