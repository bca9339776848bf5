using MassTransit;
using MassTransit.Saga;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// MassTransit's saga repository over <see cref="IRunStore"/>: loads by the message's Log, saves what the step decided.
/// A store that does not answer ends the message, which was only a wake-up.
/// </summary>
internal sealed class EvaluationSagaRepository(
    IRunStore runs,
    RunTelemetry telemetry,
    FailedWakeUps failed,
    ISagaConsumeContextFactory<IRunStore, EvaluationSaga> factory)
    : ISagaRepositoryContextFactory<EvaluationSaga>
{
    public void Probe(ProbeContext context) => context.Add("persistence", "runs");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<EvaluationSaga, T>> next)
        where T : class
    {
        try
        {
            await next.Send(new EvaluationSagaContext<T>(runs, telemetry, context, factory));
        }
        catch (Exception failure) when (failed.Take(failure))
        {
        }
    }

    public Task SendQuery<T>(
        ConsumeContext<T> context,
        ISagaQuery<EvaluationSaga> query,
        IPipe<SagaRepositoryQueryContext<EvaluationSaga, T>> next)
        where T : class =>
        throw new NotImplementedByDesignException("Runs are found by their Log alone.");
}
