namespace Worker.Tests.Evaluation.Python;

internal static class Attacks
{
    public static readonly IReadOnlyDictionary<string, Attack> All =
        new[] { AttacksOnMeans.All, AttacksOnAnswers.All, AttacksOnFiles.All, AttacksOnTheSystem.All }
            .SelectMany(each => each)
            .ToDictionary(each => each.Name, StringComparer.Ordinal);
}
