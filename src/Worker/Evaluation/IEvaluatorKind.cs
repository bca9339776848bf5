using Worker.Evaluation.Yaml;

namespace Worker.Evaluation;

/// <summary>One kind of Evaluator: reads its keys of an Evaluator file, and makes what judges.</summary>
internal interface IEvaluatorKind
{
    /// <summary>What <c>kind:</c> says in the file.</summary>
    string Name { get; }

    /// <summary>
    /// It runs foreign code or calls foreign hosts: such an Evaluator is taken from the files alone, unless
    /// <c>Evaluation:AllowRemoteCode</c>.
    /// </summary>
    bool IsExecutable { get; }

    /// <summary>
    /// Reads the keys of this kind, with <c>return_type</c> and what belongs to it (<see cref="JudgmentKeys"/>); the
    /// keys that all kinds share are read already. Null when there are mistakes.
    /// </summary>
    Judging? Read(YamlMap map, YamlErrors mistakes);
}
