using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Worker.Tests.Deployment;
using YamlDotNet.RepresentationModel;

namespace Worker.Tests.Telemetry;

/// <summary>The names of metrics are a contract: what is documented and what is shipped to watch them is so.</summary>
public sealed partial class MetricsContractTests
{
    private static readonly string Operations = File.ReadAllText(
        Path.Combine(Repository.Root, "docs", "operations.md"));

    private static HashSet<string> InPrometheus => [.. Instruments.All().SelectMany(Instruments.InPrometheus)];

    [Fact]
    public void The_table_has_every_metric_with_its_unit_and_no_other()
    {
        var rows = Row().Matches(Operations).ToDictionary(row => row.Groups["name"].Value, row => row.Groups["unit"].Value);
        var instruments = Instruments.All();

        rows.Keys.ShouldBe(instruments.Select(instrument => instrument.Name), ignoreOrder: true);
        foreach (var instrument in instruments)
            rows[instrument.Name].ShouldBe(instrument.Unit, instrument.Name);
    }

    [Fact]
    public void No_instrument_is_without_a_description() =>
        Instruments.All().Where(instrument => string.IsNullOrEmpty(instrument.Description)).ShouldBeEmpty();

    [Fact]
    public void The_rules_name_metrics_that_exist_and_places_that_say_what_to_do()
    {
        var rules = Rules();
        rules.Count.ShouldBeGreaterThan(5);
        foreach (var rule in rules)
        {
            Named(Text(rule, "expr")).ShouldBeSubsetOf(InPrometheus, Text(rule, "alert"));
            var runbook = Text((YamlMappingNode)rule["annotations"], "runbook");
            runbook.ShouldStartWith("docs/operations.md#");
            Anchors().ShouldContain(runbook.Split('#')[1], Text(rule, "alert"));
        }
    }

    [Fact]
    public void The_dashboard_names_metrics_that_exist()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "grafana", "worker.json")))!;
        var expressions = dashboard["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .Select(target => (string)target!["expr"]!)
            .ToList();

        expressions.Count.ShouldBeGreaterThan(8);
        foreach (var expression in expressions)
        {
            Named(expression).ShouldNotBeEmpty(expression);
            Named(expression).ShouldBeSubsetOf(InPrometheus, expression);
        }
    }

    private static List<string> Named(string expression) => [.. Name().Matches(expression).Select(match => match.Value)];

    private static IEnumerable<string> Anchors() => Heading().Matches(Operations)
        .Select(heading => NotInAnchors().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static List<YamlMappingNode> Rules()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(Repository.Root, "deploy", "prometheus", "rules.yaml"));
        yaml.Load(file);
        var groups = (YamlSequenceNode)yaml.Documents[0].RootNode["groups"];
        return [.. groups.SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>()];
    }

    private static string Text(YamlMappingNode map, string key) => ((YamlScalarNode)map[key]).Value!;

    [GeneratedRegex(@"^\| `(?<name>worker\.[a-z._]+)` \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<![\w.""])worker_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
