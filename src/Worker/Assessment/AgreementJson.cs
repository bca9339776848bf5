using Worker.Evaluation;
using Worker.Storage;

namespace Worker.Assessment;

/// <summary>
/// How an Evaluator's verdicts compare with people's, as JSON: the same by command and on the viewer's page.
/// </summary>
internal static class AgreementJson
{
    /// <summary>To be written with names in snake case.</summary>
    public static Dictionary<string, object?> Of(Agreement agreement)
    {
        var judged = agreement.Judged;
        var json = new Dictionary<string, object?>
        {
            ["evaluator"] = agreement.Path,
            ["version_id"] = judged?.VersionId,
            ["current_version_id"] = agreement.CurrentVersionId,
            ["stale"] = agreement.IsStale,
            ["by_people"] = agreement.IsByPeople,
            ["returns"] = agreement.Returns is { } returns ? EnumName<ReturnType>.Of(returns) : null,
            ["judged_by_people"] = agreement.JudgedByPeople,
            ["without_verdict"] = agreement.WithoutVerdict,
            ["verdicts"] = judged?.Verdicts ?? 0,
            ["abstained"] = judged?.Abstained ?? 0,
            ["failed"] = judged?.Failed ?? 0,
            ["people_abstained"] = judged?.PeopleAbstained ?? 0,
            ["people_split"] = judged?.PeopleSplit ?? 0,
            ["not_comparable"] = judged?.Unfit ?? 0,
            ["by_several"] = judged?.BySeveral ?? 0,
            ["by_several_alike"] = judged?.BySeveralAlike ?? 0,
            ["other_versions"] = agreement.Others.Select(version => new
            {
                version.VersionId, version.Verdicts, version.LastAt,
            }),
        };
        if (judged is not null)
            json["comparison"] = ComparisonJson.Of(judged.Comparison, "evaluator", "people");
        return json;
    }
}
