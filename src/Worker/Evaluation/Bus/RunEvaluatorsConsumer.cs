using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Hands the attempts to the queue and is done with the message: from then on the watch over the run stands for it.
/// </summary>
internal sealed class RunEvaluatorsConsumer(AttemptQueue queue, FailedWakeUps failed) : IConsumer<RunEvaluators>
{
    public async Task Consume(ConsumeContext<RunEvaluators> context)
    {
        try
        {
            await queue.OfferAsync(context.Message.LogId, context.Message.Revision, context.CancellationToken);
        }
        catch (Exception failure) when (failed.Take(failure))
        {
        }
    }
}
