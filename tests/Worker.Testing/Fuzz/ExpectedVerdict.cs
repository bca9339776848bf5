using System.Globalization;
using System.Text;

namespace Worker.Testing.Fuzz;

/// <summary>Which verdicts from outside have to be refused, by the words of the contract.</summary>
internal static class ExpectedVerdict
{
    public static string? ReasonOf(ReferenceJson content)
    {
        var parent = content["parent_id"] ?? ReferenceJson.Null;
        if (parent.Kind == ReferenceKind.Null || parent is { Kind: ReferenceKind.String, Text: "" })
            return "missing_field";
        if (parent.Kind != ReferenceKind.String)
            return "wrong_type";
        if (Encoding.UTF8.GetByteCount(parent.Text) > 255)
            return "id_too_long";
        return content["judgment"] is { } judgment && !IsJudgment(judgment, content["spec"]) ? "invalid_judgment" : null;
    }

    /// <summary>One of the options that the message itself declares; then it is no free text.</summary>
    public static bool IsOption(ReferenceJson content) => ReturnType(content["spec"]) is "select" or "multi_select";

    private static bool IsJudgment(ReferenceJson judgment, ReferenceJson? spec)
    {
        if (ReferenceEquals(judgment, ReferenceJson.NonNumber) || judgment.Kind == ReferenceKind.Object)
            return false;
        if (judgment.Kind == ReferenceKind.Array && judgment.Items.Any(item => item.Kind != ReferenceKind.String))
            return false;
        return judgment.Kind == ReferenceKind.Null || ReturnType(spec) switch
        {
            "boolean" => judgment.Kind == ReferenceKind.Boolean,
            "number" => judgment.Kind == ReferenceKind.Number && IsWithin(judgment, spec!["number_limits"]),
            "text" => judgment.Kind == ReferenceKind.String,
            "select" => judgment.Kind == ReferenceKind.String && IsAmong(judgment, spec!["options"]),
            "multi_select" => judgment.Kind == ReferenceKind.Array && judgment.Items.All(item => IsAmong(item, spec!["options"])),
            _ => true,
        };
    }

    private static string? ReturnType(ReferenceJson? spec) =>
        spec is { Kind: ReferenceKind.Object } && spec["return_type"] is { Kind: ReferenceKind.String } type ? type.Text : null;

    private static bool IsWithin(ReferenceJson judgment, ReferenceJson? limits)
    {
        var number = Number(judgment);
        return limits is not { Kind: ReferenceKind.Object }
            || !(limits["min"] is { Kind: ReferenceKind.Number } min && number < Number(min))
            && !(limits["max"] is { Kind: ReferenceKind.Number } max && number > Number(max));
    }

    private static bool IsAmong(ReferenceJson judgment, ReferenceJson? options)
    {
        var names = options is { Kind: ReferenceKind.Array }
            ? options.Items.Where(item => item.Kind == ReferenceKind.Object).Select(item => item["name"]).Where(name => name is { Kind: ReferenceKind.String }).Select(name => name!.Text).ToList()
            : [];
        return names.Count == 0 || names.Contains(judgment.Text);
    }

    private static double Number(ReferenceJson number) => double.Parse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
