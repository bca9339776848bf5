using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Front;

/// <summary>The client of the service that is gone, unmodified but for its base URL.</summary>
public sealed class HumanloopClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_it_logs_through_the_inbox_is_stored_and_judged_and_read_back_by_it() =>
        await LogAndReadAsync(broker: null);

    [RabbitMqFact]
    public async Task What_it_logs_through_RabbitMQ_is_stored_and_judged_and_read_back_by_it()
    {
        await using var host = await VirtualHost.CreateAsync();

        await LogAndReadAsync(host.Uri);

        await using var broker = await host.ConnectAsync();
        (await broker.DrainAsync(BrokerClient.DeadQueue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sample_prints_the_verdicts()
    {
        var node = await Programs.NodeWithHumanloopAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null);

        var result = await Programs.RunAsync(
            node, [Programs.Sample("node", "humanloop.js")], new Dictionary<string, string> { ["WORKER_URL"] = front.Address.ToString() });

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("monitoring/answer-given: true");
    }

    /// <summary>The client reads no answer at all where one part of it is not as it expects.</summary>
    [Fact]
    public async Task The_client_reads_the_verdicts_of_Evaluators_that_choose_between_options()
    {
        var node = await Programs.NodeWithHumanloopAsync();
        var evaluators = Directory.CreateDirectory(Path.Combine(_folder.Path, "evaluators")).FullName;
        foreach (var (kind, code) in new[]
        {
            ("python", "def f(log):\n      return 'found', 'It was shipped.'"),
            ("javascript", "log => 'found'"),
        })
        {
            await File.WriteAllTextAsync(
                Path.Combine(evaluators, kind + ".yaml"),
                $"path: kinds/{kind}\nkind: {kind}\nreturn_type: select\noptions: [found, lost]\n"
                    + $"attach: [{{ kind: flow, path: '**' }}]\ncode: |\n  {code}\n",
                TestContext.Current.CancellationToken);
        }

        await using var front = await FrontProcess.StartAsync(
            "run", _folder.Path, broker: null, new Dictionary<string, string> { ["Evaluation:Evaluators"] = evaluators });

        var result = await Programs.RunAsync(
            node, [Programs.Sample("node", "humanloop.js")], new Dictionary<string, string> { ["WORKER_URL"] = front.Address.ToString() });

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("found");
    }

    private async Task LogAndReadAsync(Uri? broker)
    {
        var node = await Programs.NodeWithHumanloopAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker);

        var result = await Programs.RunAsync(
            node,
            [Programs.Source("Front", "client.js"), Programs.Sample("node", "node_modules", "humanloop"), front.Address.ToString()]);

        result.ExitCode.ShouldBe(0, result.Error);
        var answers = JsonNode.Parse(result.Output)!;
        AnswersFit(answers);
        LogFits(answers, answers["log"]!);
        FilesFit(answers, answers["files"]!);
        ErrorsFit(answers["errors"]!);
        await Eventually.IsTrueAsync("the deleted Log is gone", async () =>
            (await front.SendAsync(HttpMethod.Get, $"/logs/{answers["second"]!["id"]}")).Status == System.Net.HttpStatusCode.NotFound);
        (await front.Process.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, front.Process.Heard);
    }

    private static void AnswersFit(JsonNode answers)
    {
        answers["warnings"]!.AsArray().ShouldBeEmpty();
        ((bool)answers["isDate"]!).ShouldBeTrue();
        ((string)answers["flow"]!["flowId"]!).ShouldStartWith("fl_");
        ((string)answers["flow"]!["logStatus"]!).ShouldBe("incomplete");
        ((string)answers["prompt"]!["promptId"]!).ShouldStartWith("pr_");
        ((string)answers["tool"]!["toolId"]!).ShouldStartWith("tl_");
        ((string)answers["tool"]!["id"]!).ShouldBe("order/17?");
        ((string)answers["updated"]!["output"]!).ShouldBe("It is on its way.");
        ((string)answers["toolUpdated"]!["stdout"]!).ShouldBe("found");
    }

    private static void LogFits(JsonNode answers, JsonNode log)
    {
        ((string)log["logStatus"]!).ShouldBe("complete");
        ((string)log["flow"]!["id"]!).ShouldBe((string)answers["flow"]!["flowId"]!);
        ((string)log["flow"]!["versionId"]!).ShouldBe((string)answers["flow"]!["versionId"]!);
        ((int)log["flow"]!["attributes"]!["version"]!).ShouldBe(1);
        var prompt = log["traceChildren"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)prompt["prompt"]!["versionId"]!).ShouldBe((string)answers["prompt"]!["versionId"]!);
        ((int)prompt["promptTokens"]!).ShouldBe(7);
        var tool = prompt["traceChildren"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)tool["traceId"]!).ShouldBe((string)answers["flow"]!["id"]!);
        ((string)tool["environment"]!).ShouldBe("label");
        foreach (var verdict in log["evaluatorLogs"]!.AsArray())
            verdict!["evaluator"]!["path"].ShouldNotBeNull();
        var posted = log["evaluatorLogs"]!.AsArray().Single(each => (string)each!["id"]! == (string)answers["verdict"]!["id"]!)!;
        ((string)posted["parentId"]!).ShouldBe((string)answers["flow"]!["id"]!);
        ((string)posted["judgment"]!).ShouldBe("good");
        ((string)posted["user"]!).ShouldBe("ann");
        ((string)posted["evaluator"]!["path"]!).ShouldBe("feedback/rating");
        ((string)posted["evaluator"]!["versionId"]!).ShouldBe((string)answers["verdict"]!["versionId"]!);
        ((string)posted["evaluator"]!["spec"]!["evaluatorType"]!).ShouldBe("human");
        var plain = log["evaluatorLogs"]!.AsArray().Single(each => (string)each!["id"]! == (string)answers["plain"]!["id"]!)!;
        ((double)plain["judgment"]!).ShouldBe(0.5);
        ((string)plain["evaluator"]!["spec"]!["evaluatorType"]!).ShouldBe("external");
    }

    private static void FilesFit(JsonNode answers, JsonNode files)
    {
        var flow = files["list"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)flow["id"]!).ShouldBe((string)answers["flow"]!["id"]!);
        flow["traceChildren"]!.AsArray().Count.ShouldBe(1);
        files["records"]!.AsArray().Select(id => (string)id!).ShouldBe(["order/17?"]);

        ((string)files["savedFlow"]!["id"]!).ShouldBe((string)answers["flow"]!["flowId"]!);
        ((string)files["savedPrompt"]!["inputs"]![0]!["name"]!).ShouldBe("question");
        var (id, version) = ((string)files["saved"]!["id"]!, (string)files["saved"]!["versionId"]!);
        ((string)files["before"]!["versionId"]!).ShouldBeEmpty();
        ((string)files["beforeLog"]!["tool"]!["id"]!).ShouldBe(id);
        ((string)files["after"]!["versionId"]!).ShouldBe(version);
        ((string)files["deployed"]!["environments"]![0]!["name"]!).ShouldBe("staging");
        ((string)files["got"]!["function"]!["name"]!).ShouldBe("lookup");
        ((string)files["versions"]!["records"]!.AsArray().ShouldHaveSingleItem()!["versionId"]!).ShouldBe(version);
        files["environments"]!.AsArray().Select(place => ((string)place!["name"]!, (string?)place["file"]?["versionId"]))
            .ShouldBe([("production", null), ("staging", version)]);
        files["tools"]!.AsArray().Select(path => (string)path!).ShouldBe(["support/find-order", "support/lookup"]);
        files["all"]!["records"]!.AsArray().Select(file => (string)file!["path"]!).ShouldBe(["support/answer", "support/write"]);
        ((string)files["byPath"]!["template"]!).ShouldBe("{{question}}");
        var evaluator = files["evaluator"]!;
        var monitored = files["monitored"]!["evaluators"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)monitored["state"]!).ShouldBe("active");
        ((string)monitored["versionReference"]!["version"]!["versionId"]!).ShouldBe((string)evaluator["versionId"]!);
        ((string)files["judged"]!["evaluatorLogs"]!.AsArray().ShouldHaveSingleItem()!["evaluator"]!["id"]!).ShouldBe((string)evaluator["id"]!);
        ((string)files["unmonitored"]!["evaluators"]![0]!["state"]!).ShouldBe("inactive");
        ((int)files["errors"]!["deleted"]!["status"]!).ShouldBe(409);
        ((int)files["errors"]!["python"]!["status"]!).ShouldBe(422);
    }

    /// <summary>What fails while logging comes wrapped by the client, in its words.</summary>
    private static void ErrorsFit(JsonNode errors)
    {
        ((string)errors["mismatch"]!["message"]!).ShouldContain("Status code: 409");
        ((string)errors["invalid"]!["message"]!).ShouldContain("UnprocessableEntityError");
        ((string)errors["invalid"]!["message"]!).ShouldContain("value_error.any_str.max_length");
        ((int)errors["missing"]!["status"]!).ShouldBe(404);
        ((string)errors["judgment"]!["message"]!).ShouldContain("not one of the options");
    }
}
