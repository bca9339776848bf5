using System.Text.Json;
using Worker.Evaluation;
using Worker.Front;

namespace Worker.Viewer.Mcp;

/// <summary>Why a Log was judged as it was, or was not, as <c>worker explain</c> says it.</summary>
internal sealed class Explain(ExplanationReader explanations, StoredLogs stored)
{
    public McpTool Describe() => McpTool.Of(
        "explain",
        "Explain judging",
        "Says why a Log was judged as it was, or was not: a sentence, and every decision by revision and Evaluator "
        + "with its outcome and reason. " + McpTools.Untrusted,
        [("id", "string", "The id of the Log; of a trace, that of its outermost Flow Log.")],
        required: ["id"],
        RunAsync);

    private async Task<JsonElement> RunAsync(
        McpArguments arguments, Caller caller, CancellationToken cancellationToken)
    {
        var id = arguments.Required("id");
        await stored.MustBeSeenAsync(id, caller);
        var explanation = await explanations.OfAsync(id, cancellationToken) ?? throw StoredLogs.Unknown(id);
        return BoundedJson.Cut(McpJson.Write(new
        {
            explanation.Sentence,
            Explanation = JsonElement.Parse(ExplanationJson.Write(explanation), new() { MaxDepth = int.MaxValue }),
        }));
    }
}
