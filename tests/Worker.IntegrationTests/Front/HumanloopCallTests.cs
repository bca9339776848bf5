using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Front;

/// <summary>The client of the service that is gone has its Prompts called, unmodified but for its base URL.</summary>
public sealed class HumanloopCallTests : IDisposable
{
    private const string Said = "Grüß [DONE] 👋";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_it_calls_is_answered_whole_and_streamed_and_logged()
    {
        var node = await Programs.NodeWithHumanloopAsync();
        await using var model = await ModelService.StartAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null, new Dictionary<string, string>
        {
            ["Evaluation__Models__Providers__openai__BaseUrl"] = model.Url,
            ["Evaluation__Models__Providers__openai__ApiKey"] = "sk-of-the-operator",
            ["Evaluation__Models__Prices__m__Output"] = "10",
        });

        var result = await Programs.RunAsync(
            node,
            [Programs.Source("Front", "caller.js"), Programs.Sample("node", "node_modules", "humanloop"), front.Address.ToString()]);

        result.ExitCode.ShouldBe(0, result.Error);
        var answers = JsonNode.Parse(result.Output)!;
        AnswersFit(answers);
        StreamFits(answers, answers["events"]!.AsArray());
        LogsFit(answers, answers["logs"]!);
        ErrorsFit(answers["errors"]!);
        model.Keys.First().ShouldBe("Bearer sk-of-the-caller");
        model.Keys.Skip(1).Distinct().ShouldBe(["Bearer sk-of-the-operator"]);
        result.Output.ShouldNotContain("sk-of");
        (await front.Process.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, front.Process.Heard);
        front.Process.Heard.ShouldNotContain("sk-of");
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ShouldNotContain("sk-of");
    }

    private static void AnswersFit(JsonNode answers)
    {
        ((bool)answers["isDate"]!).ShouldBeTrue();
        var inline = answers["inline"]!;
        var sample = inline["logs"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)sample["output"]!).ShouldBe(Said);
        ((string)sample["outputMessage"]!["content"]!).ShouldBe(Said);
        ((string)sample["finishReason"]!).ShouldBe("stop");
        ((double)sample["outputCost"]!).ShouldBe(0.00005);
        ((string)inline["prompt"]!["path"]!).ShouldBe("persona");
        ((int)inline["prompt"]!["maxTokens"]!).ShouldBe(9);
        ((string)inline["inputs"]!["person"]!).ShouldBe("a clerk");
        ((string)inline["toolChoice"]!).ShouldBe("auto");

        var byPath = answers["byPath"]!;
        ((string)byPath["id"]!).ShouldBe("mine");
        ((string)byPath["environment"]!).ShouldBe("label");
        byPath["traceId"]!.ToString().ShouldBe(byPath["traceParentId"]!.ToString());
        byPath["inputs"]!.AsObject().ShouldBeEmpty();
        ((string)byPath["prompt"]!["versionId"]!).ShouldBe((string)answers["saved"]!["versionId"]!);
        ((bool)answers["unsaved"]!["save"]!).ShouldBeFalse();
    }

    private static void StreamFits(JsonNode answers, JsonArray events)
    {
        string.Concat(events.Select(each => (string)each!["output"]!)).ShouldBe(Said);
        events.Count.ShouldBeGreaterThan(1);
        events.ShouldAllBe(each => (string)each!["versionId"]! == (string)answers["saved"]!["versionId"]!);
        events.ShouldAllBe(each => (string)each!["promptId"]! == (string)answers["saved"]!["id"]!);
        ((string)events[^1]!["finishReason"]!).ShouldBe("stop");
        ((int)events[^1]!["promptTokens"]!).ShouldBe(12);
    }

    private static void LogsFit(JsonNode answers, JsonNode logs)
    {
        ((string)logs["inline"]!["prompt"]!["versionId"]!).ShouldBe((string)answers["inline"]!["prompt"]!["versionId"]!);
        ((string)logs["inline"]!["user"]!).ShouldBe("ann");
        ((string)logs["byPath"]!["prompt"]!["versionId"]!).ShouldBe((string)answers["saved"]!["versionId"]!);
        foreach (var name in new[] { "inline", "byPath", "stream" })
        {
            ((string)logs[name]!["output"]!).ShouldBe(Said);
            ((int)logs[name]!["promptTokens"]!).ShouldBe(12);
        }

        ((string)logs["left"]!["output"]!).ShouldStartWith("Grüß ");
        ((string)logs["left"]!["error"]!).ShouldContain("left before");
    }

    /// <summary>Of a stream that does not begin the client reads no body, and cannot make anything of a 422.</summary>
    private static void ErrorsFit(JsonNode errors)
    {
        ((string)errors["streamed"]!["name"]!).ShouldBe("ParseError");
        ((string)errors["missing"]!["message"]!).ShouldContain("The template asks for person");
        ((string)errors["wrapped"]!["message"]!).ShouldContain("Status code: 404");
        ((int)errors["refused"]!["status"]!).ShouldBe(400);
    }
}
