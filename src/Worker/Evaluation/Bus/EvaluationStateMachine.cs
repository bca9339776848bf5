using MassTransit;
using Worker.Runs;

namespace Worker.Evaluation.Bus;

/// <summary>
/// The wiring of a run: which event is answered by which step, and where it leads. Decides nothing itself. No instance
/// begins here: a wake has made the run's document, and an event about a run that is not there is discarded.
/// </summary>
internal sealed class EvaluationStateMachine : MassTransitStateMachine<EvaluationSaga>
{
    public EvaluationStateMachine(RunSteps steps)
    {
        InstanceState(saga => saga.CurrentState);
        Event(() => RunDue, Correlate);
        Event(() => EvaluatorsFinished, Correlate);

        DuringAny(
            Go(When(RunDue).ThenAsync(LookAsync))
                .If(
                    context => context.Saga.Change is { RunsEvaluators: true },
                    begun => begun.ThenAsync(RunEvaluatorsAsync)),
            Go(When(EvaluatorsFinished).ThenAsync(FinishAsync)));

        async Task LookAsync(BehaviorContext<EvaluationSaga> context) =>
            context.Saga.Take(await steps.LookAsync(context.Saga.Run, context.CancellationToken));

        async Task FinishAsync(BehaviorContext<EvaluationSaga> context) =>
            context.Saga.Take(await steps.FinishAsync(context.Saga.Run, context.CancellationToken));

        static Task RunEvaluatorsAsync(BehaviorContext<EvaluationSaga> context) => BusPublisher.PublishAsync(
            context, new RunEvaluators(context.Saga.Run.LogId, context.Saga.Run.Revision));
    }

    public State Settling { get; private set; } = null!;

    public State Evaluating { get; private set; } = null!;

    public State Judged { get; private set; } = null!;

    public Event<RunDue> RunDue { get; private set; } = null!;

    public Event<EvaluatorsFinished> EvaluatorsFinished { get; private set; } = null!;

    private EventActivityBinder<EvaluationSaga, T> Go<T>(EventActivityBinder<EvaluationSaga, T> step)
        where T : class =>
        step
            .If(context => context.Saga.GoesTo(RunState.Settling), then => then.TransitionTo(Settling))
            .If(context => context.Saga.GoesTo(RunState.Evaluating), then => then.TransitionTo(Evaluating))
            .If(context => context.Saga.GoesTo(RunState.Judged), then => then.TransitionTo(Judged));

    private static void Correlate<T>(IEventCorrelationConfigurator<EvaluationSaga, T> correlation)
        where T : class, IRunMessage
    {
        correlation.CorrelateById(context => Traces.DerivedIds.Run(context.Message.LogId));
        correlation.OnMissingInstance(missing => missing.Discard());
    }
}
