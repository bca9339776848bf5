using Worker.Evaluation.Yaml;

namespace Worker.Evaluation.Evaluators;

/// <summary>
/// The kinds <c>external</c> and <c>human</c>: a program or a person judges elsewhere, whenever it likes, and posts the
/// verdict. Nothing is run for it here, and nobody waits. Keys: those of the judgment, of any type.
/// </summary>
/// <param name="waitsFor">Whose verdict it waits for, in the words of <c>explain</c>.</param>
internal sealed class OutsideEvaluator(string name, string waitsFor) : IEvaluatorKind
{
    public string Name => name;

    public bool IsExecutable => false;

    public Judging? Read(YamlMap map, YamlErrors mistakes) =>
        JudgmentKeys.Read(map, mistakes, Enum.GetValues<ReturnType>()) is { } returns 
            ? new(returns, WaitsFor: waitsFor)
            : null;
}
