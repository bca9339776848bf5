namespace Worker.Evaluation.Python;

/// <summary>Asks one Evaluator's code.</summary>
internal sealed class PythonCall(PythonPool pool, PythonOptions options, string code, TimeSpan timeout) : IEvaluatorCall
{
    public async Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken)
    {
        var request = new PythonRequest(
            input.Path, code, input.Log, timeout, options.MemoryMiB, options.OutputBytes, options.ResultBytes);
        return PythonAnswer.Of(await pool.CallAsync(request, cancellationToken), request);
    }
}
