using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Hosting;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>
/// What <c>run</c> says at its start, in three lines: what it uses, what is attached, where the data lies.
/// </summary>
internal static class StartNotice
{
    public static IEnumerable<string> Lines(IServiceProvider services)
    {
        var mode = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Mode;
        var evaluators = services.GetRequiredService<EvaluatorCatalog>().All;
        var source = services.GetRequiredService<MessageSource>().Name;
        yield return $"Uses: {mode.ToString().ToLowerInvariant()} mode; takes messages from {source}.";
        yield return evaluators.Count == 0
            ? "Attached: no Evaluators; logs are stored and linked, and nothing is judged."
            : $"Attached: {string.Join("; ", evaluators.Select(Words))}.";
        yield return $"Data: {services.GetRequiredService<IStore>().Description}.";
    }

    private static string Words(Evaluator evaluator) =>
        $"{evaluator.Path} to {string.Join(", ", evaluator.Attachments)}";
}
