using System.Text.Json;
using static Worker.Tests.Evaluation.Models.FakeModelServer;

namespace Worker.Tests.Evaluation.Models;

/// <summary>Services that speak chat completions as they understand them.</summary>
public sealed class LlmReplyTests
{
    private const string Message = """{"role":"assistant","content":"{\"reason\":\"r\",\"judgment\":true}"}""";

    [Theory]
    [InlineData("\"stop\"")]
    [InlineData("\"eos\"")]
    [InlineData("\"end_turn\"")]
    [InlineData("\"STOP\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task An_ending_that_is_not_known_spoils_no_answer(string ending) =>
        await JudgesAsync($$"""{"choices":[{"index":0,"finish_reason":{{ending}},"message":{{Message}}}]}""");

    [Theory]
    [InlineData("""{"role":"model","content":"{\"judgment\":true,\"reason\":\"r\"}"}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"judgment\":true,\"reason\":\"r\"}"}]}""")]
    [InlineData("""{"tool_calls":[{"type":"function","function":{"name":"judge","arguments":"{\"judgment\":true,\"reason\":\"r\"}"}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"x","function":{"name":"judge","arguments":{"judgment":true,"reason":"r"}}}]}""")]
    public async Task A_message_is_read_however_it_is_dressed(string message) =>
        await JudgesAsync($$"""{"created":1.5,"choices":[{"message":{{message}}}]}""");

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0}""")]
    [InlineData("""{"prompt_tokens":-5000000,"completion_tokens":-2}""")]
    [InlineData("""{"prompt_tokens":"10","completion_tokens":2}""")]
    [InlineData("""{"prompt_tokens":10.5,"completion_tokens":2}""")]
    [InlineData("""{"prompt_tokens":99999999999,"completion_tokens":2}""")]
    public async Task Counts_that_cannot_be_fill_no_budget_up(string usage)
    {
        await using var server = await StartAsync(
            Raw(200, $$"""{"choices":[{"message":{{Message}}}],"usage":{{usage}}}"""));
        using var judges = new Judges(server.Url, ("Prices:m:Input", "1"), ("Prices:m:Output", "1"));

        var answer = await Judges.AskAsync(judges.Read());

        answer.InputTokens!.Value.ShouldBeGreaterThan(500);
        answer.OutputTokens!.Value.ShouldBePositive();
        answer.Cost!.Value.ShouldBePositive();
    }

    [Theory]
    [InlineData("""{"choices":[{}]}""")]
    [InlineData("""{"choices":[null]}""")]
    [InlineData("""{"choices":[{"message":null}]}""")]
    [InlineData("""{"choices":7}""")]
    [InlineData("""{"choices":[],"choices":[]}""")]
    [InlineData("""[]""")]
    public async Task A_reply_without_a_message_is_an_error_that_shows_it(string reply)
    {
        await using var server = await StartAsync(Raw(200, reply));
        using var judges = new Judges(server.Url);

        (await Judges.AskAsync(judges.Read())).Error
            .ShouldBe($"The reply is no chat completion with a choice: {reply}");
    }

    [Theory]
    [InlineData("{\"judgment\": tru", "judge({\"judgment\": tru)")]
    [InlineData("", "judge()")]
    [InlineData("{\"reason\":\"\\ud800\",\"judgment\":true}", "judge({\"reason\":\"\\ud800\",\"judgment\":true})")]
    public async Task Arguments_that_do_not_fit_are_shown_as_they_came(string arguments, string shown)
    {
        await using var server = await StartAsync(Calls(arguments));
        using var judges = new Judges(server.Url);

        (await Judges.AskAsync(judges.Read())).Error
            .ShouldBe($"The answer does not keep to the format. It answered: {shown}");
    }

    [Fact]
    public async Task A_key_is_not_kept_whichever_way_the_model_repeats_it()
    {
        await using var server = await StartAsync(Calls($$"""{"reason":"It is {{Judges.Key}}.","judgment":true}"""));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read());

        answer.Reason.ShouldBe("It is ***.");
        answer.Details!.Value.ToString().ShouldNotContain(Judges.Key);
    }

    [Fact]
    public async Task The_word_that_a_local_service_takes_for_a_key_is_no_secret()
    {
        await using var server = await StartAsync(Says("""{"reason":"Text.","judgment":"extra"}"""));
        using var judges = new Judges(
            server.Url, ("Providers:local:BaseUrl", server.Url), ("Providers:local:ApiKey", "x"));

        var answer = await Judges.AskAsync(
            judges.Read(returns: "return_type: select\noptions: [extra]", more: "provider: local"));

        (answer.Judgment?.ToString(), answer.Reason).ShouldBe(("\"extra\"", "Text."));
    }

    [Fact]
    public async Task An_answer_that_is_too_long_to_keep_is_an_error()
    {
        await using var server = await StartAsync(
            Says($$"""{"reason":"{{new string('x', 100_000)}}","judgment":true}"""));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read());

        answer.Error!.ShouldStartWith("The answer is longer than 65536 bytes. It answered: {\"reason\":\"xxx");
        (answer.Judgment, answer.Reason).ShouldBe((null, null));
    }

    [Fact]
    public async Task What_was_asked_is_kept_where_no_answer_came()
    {
        await using var server = await StartAsync(Fails(413, "Too large."), Raw(200, "<html>"));
        using var judges = new Judges(server.Url);
        var evaluator = judges.Read();

        foreach (var said in new[] { "Too large.", "<html>" })
        {
            var details = JsonElement.Parse((await Judges.AskAsync(evaluator)).Details!.Value.Utf8.Span);
            details.GetProperty("reply").GetString()!.ShouldContain(said);
            details.GetProperty("prompt")[1].GetProperty("content").GetString()!.ShouldContain("Paris");
        }
    }

    [Theory]
    [InlineData("{{log.output}}", 500, false)]
    [InlineData("{{log.output}}", 5_000, true)]
    [InlineData("{{trace}}", 500, false)]
    [InlineData("{{trace}}", 5_000, true)]
    [InlineData("{{log.path}}{{trace}}", 20_000, true)]
    public async Task A_verdict_on_a_prompt_that_was_cut_says_so(string prompt, int length, bool isCut)
    {
        await using var server = await StartAsync(Says("""{"reason":"r","judgment":true}"""));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(
            judges.Read(prompt, "max_prompt_bytes: 2000"), Judges.Output(new string('x', length)));

        JsonElement.Parse(answer.Details!.Value.Utf8.Span).TryGetProperty("truncated", out _).ShouldBe(isCut);
    }

    private static async Task JudgesAsync(string reply)
    {
        await using var server = await StartAsync(Raw(200, reply));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read());

        (answer.Judgment?.ToString(), answer.Reason, answer.Error).ShouldBe(("true", "r", null));
    }
}
