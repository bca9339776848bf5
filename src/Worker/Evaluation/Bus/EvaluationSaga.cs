using MassTransit;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation.Bus;

/// <summary>A <see cref="Runs.Run"/> as MassTransit handles it, for the length of one message.</summary>
internal sealed class EvaluationSaga(Run run) : SagaStateMachineInstance
{
    public Run Run { get; private set; } = run;

    /// <summary>As it was read.</summary>
    public Run Before { get; } = run;

    /// <summary>What the message's step decided; null while nothing is to be saved.</summary>
    public RunChange? Change { get; private set; }

    public Guid CorrelationId
    {
        get => DerivedIds.Run(Run.LogId);
        set => throw new NotSupportedException("A run is named by its Log.");
    }

    /// <summary>The run's state by its name: what the state machine reads, and writes at a transition.</summary>
    public string CurrentState
    {
        get => Run.State.ToString();
        set => Run = Run with { State = Enum.Parse<RunState>(value) };
    }

    /// <summary>Takes a step's decision; the state follows by transition.</summary>
    public void Take(RunChange? change)
    {
        Change = change;
        Run = change is null ? Run : change.Run with { State = Run.State };
    }

    /// <summary>Whether the decision leads to that state.</summary>
    public bool GoesTo(RunState state) => Change?.Run.State == state && Run.State != state;
}
