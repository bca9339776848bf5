using System.Collections.Immutable;
using System.Text.Json;
using Worker.Evaluation.Rules;
using Worker.Evaluation.Yaml;
using Worker.Files;
using Worker.Traces;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Evaluators;

/// <summary>Reads Evaluator files: what all kinds share, and which kind reads the rest.</summary>
internal sealed class EvaluatorReader(IEnumerable<IEvaluatorKind> kinds)
{
    private const string Conversation = "conversation";

    private readonly Dictionary<string, IEvaluatorKind> _kinds = kinds.ToDictionary(kind => kind.Name);

    /// <summary>Null when there are mistakes.</summary>
    public Evaluator? Read(string yaml, YamlErrors mistakes)
    {
        if (YamlValues.Load(yaml, "one Evaluator a file", mistakes) is not { } map)
            return null;

        var path = map.RequiredText("path", "give the path of the Evaluator File, e.g. monitoring/no-tool-failed");
        var description = map.OptionalText("description", "a sentence is accepted");
        var attachments = Attachments(map, mistakes);
        var when = When(map, mistakes);
        var sampling = Sampling(map);
        var limits = CallKeys.Read(map, mistakes);
        var evaluator = Body(map, path ?? "", mistakes);
        if (evaluator is { Judging.Call: null } && map.Has("calls"))
            map.Mistake("calls", $"Evaluators of that kind are not called; leave the key out.");
        if (path is not null && DerivedIds.NormalPath(path).Length == 0)
            map.Mistake("path", "The path is empty; give one like monitoring/no-tool-failed.");
        return mistakes.Lines.Count > 0
            ? null
            : evaluator! with
            {
                Description = description,
                Attachments = attachments,
                When = when,
                Sampling = sampling,
                Limits = limits,
            };
    }

    /// <summary>
    /// An Evaluator Version as its stored spec says: for runs that pinned it before its file was changed.
    /// </summary>
    public Evaluator? OfSpec(string path, JsonValue spec)
    {
        var mistakes = new YamlErrors(path);
        var map = YamlMap.Read(YamlJson.FromJson(JsonElement.Parse(spec.Utf8.Span)), "", mistakes);
        var evaluator = map is null ? null : Body(map, path, mistakes);
        return mistakes.Lines.Count > 0 ? null : evaluator;
    }

    /// <summary>The part that makes the Version.</summary>
    private Evaluator? Body(YamlMap map, string path, YamlErrors mistakes)
    {
        var kind = map.Choice("kind", _kinds.Keys);
        var judging = kind is null ? null : _kinds[kind].Read(map, mistakes);
        if (kind is not null)
            map.Close();
        if (mistakes.Lines.Count > 0 || judging is null)
            return null;

        var spec = Spec(map);
        var id = DerivedIds.File(LogKind.Evaluator, path);
        return new Evaluator(
            id,
            DerivedIds.Version(LogKind.Evaluator, id, spec),
            DerivedIds.NormalPath(path),
            null,
            judging,
            spec,
            [])
        {
            IsExecutable = _kinds[kind!].IsExecutable,
        };
    }

    private static JsonValue Spec(YamlMap map) => YamlJson.ToJson(new YamlMappingNode(
        map.Node.Children.Where(
            child => child.Key is not YamlScalarNode
            {
                Value: "path" or "description" or "attach" or "when" or "sample" or "calls",
            })));

    private static Precondition? When(YamlMap map, YamlErrors mistakes)
    {
        if (map.Optional("when") is not { } node)
            return null;
        switch (new RuleReader(mistakes, tells: true).Read(node, "when"))
        {
            case BooleanRule rule:
                return new(YamlJson.ToJson(node).ToString(), rule.Holds);
            case NumberRule:
                map.Mistake("when", "This gives a number; a comparison is accepted beside it, such as `gt: 0`.");
                return null;
            default:
                return null;
        }
    }

    private static Sampling? Sampling(YamlMap map)
    {
        if (map.Optional("sample") is not { } node)
            return null;
        if (YamlJson.Number(node) is > 0 and <= 1 and var rate)
            return new(rate);
        map.Mistake("sample", "This is no rate; a number above 0 and up to 1 is accepted.");
        return null;
    }

    private static ImmutableArray<Attachment> Attachments(YamlMap map, YamlErrors mistakes)
    {
        const string Accepted =
            "a list of `kind: tool|prompt|flow|evaluator|conversation` with `path: \"…\"`, or of `id: …`, is accepted";
        var list = map.Has("attach") ? map.RequiredList("attach", Accepted) ?? [] : [];
        _ = map.Optional("attach");
        return
        [
            .. list.Select((node, index) => OneAttachment(node, $"attach[{index}]", mistakes)).OfType<Attachment>(),
        ];
    }

    private static Attachment? OneAttachment(YamlNode node, string at, YamlErrors mistakes)
    {
        if (YamlMap.Read(node, at, mistakes) is not { } map)
            return null;

        Attachment? attachment = null;
        if (map.Has("id"))
        {
            if (map.RequiredText("id", "the id of a File is accepted") is { } id)
                attachment = new Attachment(null, null, id);
        }
        else
        {
            var kind = map.Choice("kind", "tool", "prompt", "flow", "evaluator", Conversation);
            var path = map.RequiredText(
                "path", "give a pattern over File paths: * stays within a segment, ** does not");
            if (kind is not null && path is not null)
                attachment = kind == Conversation
                    ? new(LogKind.Flow, new PathGlob(path), null, OfConversations: true)
                    : new(Enum.Parse<LogKind>(kind, ignoreCase: true), new PathGlob(path), null);
        }

        var (version, environment) = (
            map.OptionalText("version", "the id of a Version is accepted"),
            map.OptionalText("environment", "the name of an Environment is accepted"));
        map.Close();
        return attachment is null ? null : attachment with { VersionId = version, Environment = environment };
    }
}
