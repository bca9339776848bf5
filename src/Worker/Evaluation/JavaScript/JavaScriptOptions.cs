using Worker.Evaluation.Hosts;

namespace Worker.Evaluation.JavaScript;

/// <summary>How the code of <c>javascript</c> Evaluators is run. Section <c>Evaluation:JavaScript</c>.</summary>
internal sealed class JavaScriptOptions : CodeOptions
{
    public const string SectionName = "Evaluation:JavaScript";
}
