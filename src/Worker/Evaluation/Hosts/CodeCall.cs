namespace Worker.Evaluation.Hosts;

/// <summary>Asks one Evaluator's code.</summary>
internal sealed class CodeCall(CodePool pool, ReturnType returns, string code, TimeSpan timeout) : IEvaluatorCall
{
    public async Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken)
    {
        var options = pool.Language.Options;
        var request = new CodeRequest(
            input.Path, code, input.Log, timeout, options.MemoryMiB, options.OutputBytes, options.ResultBytes);
        var reply = await pool.CallAsync(request, cancellationToken);
        return new CodeAnswer(pool.Language.Section, returns).Of(reply, request);
    }
}
