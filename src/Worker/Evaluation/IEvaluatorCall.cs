using System.Text;

namespace Worker.Evaluation;

/// <summary>Asks what judges but takes its time: a program, a model, a service.</summary>
internal interface IEvaluatorCall
{
    /// <summary>
    /// Makes one try. Keeps nothing between two calls; any number run at once. It may be called again for the same
    /// verdict (<see cref="EvaluatorInput.Key"/>): after a try that failed, and after a kill. Throws
    /// <see cref="TransientCallException"/> where another try may do; <see cref="EvaluatorPausedException"/> where no
    /// trace could be judged now. Whatever else it throws becomes the verdict's error.
    /// </summary>
    Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken);

    /// <summary>
    /// What would be asked, for people to look at before it is: a prompt, say. Asks nobody. Throws as
    /// <see cref="AskAsync"/> where it could not be asked.
    /// </summary>
    string Preview(EvaluatorInput input) => Encoding.UTF8.GetString(input.Log.Span);

    /// <summary>The most that one try may cost: so much has to be left of a budget before it is made.</summary>
    Expense MostOf(EvaluatorInput input) => Expense.None;
}
