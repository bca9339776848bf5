using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// One message's view of the runs. Nothing is added or removed here: runs are made by wakes and dropped with their
/// Logs.
/// </summary>
internal sealed class EvaluationSagaContext<TMessage>(
    IRunStore runs,
    RunTelemetry telemetry,
    ConsumeContext<TMessage> context,
    ISagaConsumeContextFactory<IRunStore, EvaluationSaga> factory)
    : ConsumeContextScope<TMessage>(context), SagaRepositoryContext<EvaluationSaga, TMessage>
    where TMessage : class
{
    public async Task<SagaConsumeContext<EvaluationSaga, TMessage>> Load(Guid correlationId)
    {
        var run = await runs.ReadAsync(((IRunMessage)(object)Message).LogId, CancellationToken);
        return run is null
            ? null!
            : await CreateSagaConsumeContext(this, new EvaluationSaga(run), SagaConsumeContextMode.Load);
    }

    public async Task Update(SagaConsumeContext<EvaluationSaga> context)
    {
        if (context.Saga.Change is not { } change)
            return;
        if (await SaveAsync(context.Saga.Run, change))
        {
            await telemetry.SavedAsync(context.Saga.Before, context.Saga.Run, change, CancellationToken);
            return;
        }

        throw new ConcurrencyException(
            "The run was changed meanwhile.", typeof(EvaluationSaga), context.Saga.CorrelationId);
    }

    private Task<bool> SaveAsync(Run run, RunChange change) => change.Begun is { } begun
        ? runs.JudgeAsync(begun, run, change.Decisions, change.Verdicts, CancellationToken)
        : runs.SaveAsync(run, change.Decisions, CancellationToken);

    public Task<SagaConsumeContext<EvaluationSaga, T>> CreateSagaConsumeContext<T>(
        ConsumeContext<T> consumeContext, EvaluationSaga instance, SagaConsumeContextMode mode)
        where T : class =>
        factory.CreateSagaConsumeContext(runs, consumeContext, instance, mode);

    public Task Undo(SagaConsumeContext<EvaluationSaga> context) => Task.CompletedTask;

    public Task Discard(SagaConsumeContext<EvaluationSaga> context) => Task.CompletedTask;

    public Task<SagaConsumeContext<EvaluationSaga, TMessage>> Add(EvaluationSaga instance) => throw NotHere();

    public Task<SagaConsumeContext<EvaluationSaga, TMessage>> Insert(EvaluationSaga instance) => throw NotHere();

    public Task Save(SagaConsumeContext<EvaluationSaga> context) => throw NotHere();

    public Task Delete(SagaConsumeContext<EvaluationSaga> context) => throw NotHere();

    private static NotSupportedException NotHere() => new("Runs are made by wakes and dropped with their Logs.");
}
