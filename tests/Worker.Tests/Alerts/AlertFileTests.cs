using Worker.Alerts;
using Worker.Errors;
using Worker.Evaluation.Yaml;
using Worker.Tests.Deployment;
using Worker.Tests.Evaluation;

namespace Worker.Tests.Alerts;

public sealed class AlertFileTests : IDisposable
{
    private const string Right =
        """
        name: tone
        measure: rate
        evaluator: /checks/tone/
        judgment: curt
        above: 0.1
        window: 30m
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_says_what_is_looked_at_and_the_rest_has_defaults()
    {
        var alert = Read(Right).ShouldNotBeNull();

        alert.ShouldBe(new Alert
        {
            Name = "tone",
            Measure = AlertMeasure.Rate,
            Evaluator = "checks/tone",
            Judgment = Some.Json("\"curt\""),
            Bound = new(IsCeiling: true, 0.1, 0.1),
            Window = TimeSpan.FromMinutes(30),
            AtLeast = 20,
        });
        AlertWords.Of(alert).ShouldBe("rate of \"curt\" of checks/tone above 0.1 in 30m");
    }

    [Fact]
    public void A_file_may_say_all_of_it()
    {
        var alert = Read(
            """
            enabled: false
            name: slow_answers-2
            description: They are slow.
            measure: latency_p95
            evaluator: checks/tone
            below: 250ms
            recover: 1s
            window: 24h
            at_least: 3
            no_data: alert
            webhook: { url: "https://alerts.example.com/x", secret: alerts }
            """).ShouldNotBeNull();

        alert.ShouldBe(new Alert
        {
            IsEnabled = false,
            Name = "slow_answers-2",
            Description = "They are slow.",
            Measure = AlertMeasure.LatencyP95,
            Evaluator = "checks/tone",
            Bound = new(IsCeiling: false, 0.25, 1),
            Window = TimeSpan.FromDays(1),
            AtLeast = 3,
            TellsOfNoData = true,
            Webhook = new(new("https://alerts.example.com/x"), "alerts"),
        });
    }

    [Theory]
    [InlineData("measure: paused\nabove: 0")]
    [InlineData("measure: over_budget\nabove: 10\nevaluator: checks/tone")]
    [InlineData("measure: dead_letters\nabove: 100\nrecover: 0")]
    [InlineData("measure: cost\nabove: 5.5\nevaluator: checks/tone\nwindow: 24h")]
    [InlineData("measure: errors\nabove: 0.2\nevaluator: checks/tone\nwindow: 10m\nat_least: 1")]
    [InlineData("measure: mean\nbelow: 3.5\nrecover: 4\nevaluator: checks/tone\nwindow: 1h")]
    [InlineData("measure: latency_mean\nabove: 10s\nevaluator: checks/tone\nwindow: 1h")]
    [InlineData("measure: rate\njudgment: true\nbelow: 0.9\nevaluator: checks/tone\nwindow: 1h")]
    public void Every_measure_has_its_keys(string keys) => Read("name: a\n" + keys).ShouldNotBeNull();

    [Theory]
    [InlineData("name: a b", "a.yaml, line 1, name: This is no name of an alert; a name of letters, digits, - and _ such as answers-fail is accepted, of 100 at most.")]
    [InlineData("measure: speed", "a.yaml, line 2, measure: \"speed\" is not known; accepted are rate, mean, errors, cost, latency_mean, latency_p95, paused, over_budget, dead_letters.")]
    [InlineData("evaluator: /", "a.yaml, line 3, evaluator: The path is empty; give the path of the Evaluator, e.g. monitoring/no-tool-failed.")]
    [InlineData("judgment: [curt]", "a.yaml, line 4, judgment: This cannot be used; true, false, a number or a text is accepted.")]
    [InlineData("above: 1.5", "a.yaml, line 5, above: This cannot be used; a number from 0 to 1 is accepted.")]
    [InlineData("window: soon", "a.yaml, line 6, window: This cannot be used; a duration such as 10m, 1h, 24h, from 1s to 744h, is accepted.")]
    [InlineData("below: 0.1", "a.yaml, line 7, below: Exactly one of above and below is accepted.")]
    [InlineData("recover: 0.2", "a.yaml, line 7, recover: This is above the ceiling; what is at it or below is accepted.")]
    [InlineData("at_least: 0", "a.yaml, line 7, at_least: This cannot be used; a whole number from 1 to 100000 is accepted.")]
    [InlineData("no_data: maybe", "a.yaml, line 7, no_data: \"maybe\" is not known; accepted are ignore, alert.")]
    [InlineData("enabled: perhaps", "a.yaml, line 7, enabled: This cannot be used; true or false is accepted.")]
    [InlineData("webhook: { url: 'https://u:p@h/', secret: s }", "a.yaml, line 7, webhook.url: A user or password has no place in a file; the request is signed with the secret.")]
    [InlineData("surprise: 1", "a.yaml, line 7, surprise: The key is not known; accepted are ")]
    public void A_mistake_is_told_by_file_line_key_and_what_is_accepted(string line, string sentence)
    {
        var key = line.Split(':')[0];
        var lines = Right.Split('\n').Select(each => each.StartsWith(key + ":", StringComparison.Ordinal) ? line : each).ToList();
        if (!lines.Contains(line))
            lines.Add(line);
        var mistakes = new YamlErrors("a.yaml");

        AlertReader.Read(string.Join('\n', lines), mistakes).ShouldBeNull();

        mistakes.Lines.ShouldHaveSingleItem().ShouldStartWith(sentence);
    }

    [Theory]
    [InlineData("", "YAML: The file holds 0 documents; one alert a file is accepted.")]
    [InlineData("name: a\nmeasure: dead_letters\nabove: 1\nwindow: 1h", "window: The key is not known")]
    [InlineData("name: a\nmeasure: cost\nevaluator: e\nabove: 1\nwindow: 1h\nat_least: 3", "at_least: The key is not known")]
    [InlineData("name: a\nmeasure: paused", "above: Exactly one of above and below is accepted.")]
    [InlineData("name: a\nmeasure: rate\nevaluator: e\nabove: 1\nwindow: 1h", "judgment: The key is missing; give the judgment whose rate it is, e.g. false.")]
    [InlineData("name: a\nmeasure: errors\nabove: 1\nevaluator: e", "window: The key is missing; a duration such as")]
    [InlineData("&a [*a]", "YAML: This is nested too deep; 64 levels are accepted.")]
    public void What_is_missing_or_has_no_meaning_there_is_a_mistake(string file, string sentence)
    {
        var mistakes = new YamlErrors("a.yaml");
        AlertReader.Read(file, mistakes).ShouldBeNull();
        mistakes.Lines.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Fact]
    public void The_shipped_example_is_right_and_looks_at_nothing()
    {
        var folder = new AlertFolder(Path.Combine(Repository.Root, "config", "alerts"));
        folder.Read().ShouldHaveSingleItem().IsEnabled.ShouldBeFalse();
    }

    [Fact]
    public void No_folder_is_no_alert() => new AlertFolder(Path.Combine(_folder.Path, "none")).Read().ShouldBeEmpty();

    [Fact]
    public void What_changes_is_taken_up_and_a_mistake_leaves_what_was_said_before()
    {
        Write("a.yaml", Right);
        var folder = new AlertFolder(_folder.Path);
        folder.Read().Select(each => each.Name).ShouldBe(["tone"]);
        folder.ReadChanged().ShouldBeEmpty();

        Write("a.yaml", "name: other");
        Write("more/b.yaml", Right.Replace("tone", "second", StringComparison.Ordinal));
        folder.ReadChanged().ShouldHaveSingleItem().ShouldStartWith("a.yaml, line 1, measure: The key is missing");
        folder.All.Select(each => each.Name).ShouldBe(["second", "tone"]);
        Write("more/b.yaml", Right + "\nat_least: 5");
        folder.ReadChanged().ShouldContain("a.yaml and more/b.yaml, name: Both name \"tone\"; one file for each name is accepted.");
        folder.All.Select(each => each.Name).ShouldBe(["second", "tone"]);

        Should.Throw<ConfigurationException>(() => new AlertFolder(_folder.Path).Read()).Faults.Count.ShouldBe(1);
        File.Delete(Path.Combine(_folder.Path, "a.yaml"));
        folder.ReadChanged().ShouldBeEmpty();
        folder.All.ShouldHaveSingleItem().AtLeast.ShouldBe(5);
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static Alert? Read(string yaml)
    {
        var mistakes = new YamlErrors("a.yaml");
        var alert = AlertReader.Read(yaml, mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return alert;
    }
}
