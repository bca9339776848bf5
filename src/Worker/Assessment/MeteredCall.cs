using Worker.Evaluation;

namespace Worker.Assessment;

/// <summary>Tells of each answer how long it took, without what is waited for pace and further tries.</summary>
internal sealed class MeteredCall(
    IEvaluatorCall call, TimeProvider time, Action<TimeSpan, EvaluatorAnswer> tell) : IEvaluatorCall
{
    public async Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var answer = await call.AskAsync(input, cancellationToken);
        tell(time.GetElapsedTime(start), answer);
        return answer;
    }

    public string Preview(EvaluatorInput input) => call.Preview(input);

    public Expense MostOf(EvaluatorInput input) => call.MostOf(input);
}
