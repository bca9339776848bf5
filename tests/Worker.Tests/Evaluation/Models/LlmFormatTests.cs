using System.Text.Json;
using Worker.Evaluation.Models;
using static Worker.Tests.Evaluation.Models.FakeModelServer;

namespace Worker.Tests.Evaluation.Models;

/// <summary>How a judgment that a program can read is got out of a model.</summary>
public sealed class LlmFormatTests
{
    private const string Yes = """{"reason":"Fine.","judgment":true}""";

    [Fact]
    public async Task A_schema_is_asked_for_first_and_all_is_kept_with_the_verdict()
    {
        await using var server = await StartAsync(Says(Yes));
        using var judges = new Judges(server.Url, ("Prices:m:Input", "2"), ("Prices:m:Output", "10"));

        var answer = await Judges.AskAsync(judges.Read());

        (answer.Judgment?.ToString(), answer.Reason, answer.Error).ShouldBe(("true", "Fine.", null));
        (answer.InputTokens, answer.OutputTokens, answer.Cost).ShouldBe((1000, 20, 0.0022m));
        var details = JsonElement.Parse(answer.Details!.Value.Utf8.Span);
        details.GetProperty("provider").GetString().ShouldBe("default");
        details.GetProperty("model").GetString().ShouldBe("m");
        details.GetProperty("format").GetString().ShouldBe("schema");
        details.GetProperty("reply").GetString().ShouldBe(Yes);
        details.GetProperty("finish_reason").GetString().ShouldBe("stop");
        details.GetProperty("cost").GetDecimal().ShouldBe(0.0022m);
        details.GetProperty("prompt")[1].GetProperty("content").GetString().ShouldBe(server.Requests[0].Message(1));
        var asked = server.Requests.ShouldHaveSingleItem();
        (asked.Path, asked.Authorization).ShouldBe(("/v1/chat/completions", $"Bearer {Judges.Key}"));
        asked.Body.GetProperty("model").GetString().ShouldBe("m");
        asked.Body.GetProperty("temperature").GetDouble().ShouldBe(0);
        asked.Body.GetProperty("max_tokens").GetInt32().ShouldBe(500);
        asked.Has("max_completion_tokens").ShouldBeFalse();
        var schema = asked.Body.GetProperty("response_format").GetProperty("json_schema");
        schema.GetProperty("strict").GetBoolean().ShouldBeTrue();
        schema.GetProperty("schema").GetProperty("properties").GetProperty("judgment").GetProperty("type")
            .EnumerateArray().Select(type => type.GetString()).ShouldBe(["boolean", "null"]);
    }

    [Fact]
    public async Task What_a_model_does_not_know_is_left_within_the_same_try_and_remembered()
    {
        await using var server = await StartAsync(
            Fails(400, "Unsupported value: 'temperature' does not support 0 with this model."),
            Fails(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            Fails(400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported."),
            Calls(Yes));
        using var judges = new Judges(server.Url);
        var evaluator = judges.Read();

        (await Judges.AskAsync(evaluator)).Judgment?.ToString().ShouldBe("true");
        var again = await Judges.AskAsync(evaluator);

        again.Reason.ShouldBe("Fine.");
        server.Requests.Count.ShouldBe(5);
        var last = server.Requests[^1];
        last.Has("temperature").ShouldBeFalse();
        last.Has("max_tokens").ShouldBeFalse();
        last.Has("response_format").ShouldBeFalse();
        last.Body.GetProperty("max_completion_tokens").GetInt32().ShouldBe(500);
        last.Body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString().ShouldBe("judge");
        JsonElement.Parse(again.Details!.Value.Utf8.Span).GetProperty("format").GetString().ShouldBe("tool");
    }

    [Fact]
    public async Task Where_neither_schema_nor_tools_are_known_JSON_is_asked_for_in_words()
    {
        await using var server = await StartAsync(
            Fails(400, "response_format: extra fields not permitted"),
            Fails(404, "No endpoints found that support tool use."),
            Says($"```json\n{Yes}\n```"));
        using var judges = new Judges(server.Url);

        (await Judges.AskAsync(judges.Read())).Judgment?.ToString().ShouldBe("true");

        var last = server.Requests[^1];
        (last.Has("tools"), last.Has("response_format")).ShouldBe((false, false));
        last.Message(0).ShouldContain("Answer with one JSON object and nothing else");
    }

    [Fact]
    public async Task A_model_that_never_keeps_to_JSON_is_asked_for_a_last_line()
    {
        await using var server = await StartAsync(Says("It is a good answer.\n\n**Judgment: True**"));
        using var judges = new Judges(server.Url);
        var evaluator = judges.Read();

        var first = await Judges.AskAsync(evaluator);
        for (var i = 0; i < 8; i++)
            (await Judges.AskAsync(evaluator)).Judgment.ShouldBeNull();
        var last = await Judges.AskAsync(evaluator);

        first.Error.ShouldBe(
            "The answer does not keep to the format. It answered: It is a good answer.\n\n**Judgment: True**");
        (last.Judgment?.ToString(), last.Reason).ShouldBe(("true", "It is a good answer."));
        server.Requests[^1].Message(0).ShouldContain("on the last line");
    }

    [Fact]
    public async Task No_trace_loosens_the_format_of_a_model_that_can_keep_to_it()
    {
        await using var server = await StartAsync(Says(Yes), Says("As you wish: true"));
        using var judges = new Judges(server.Url);
        var evaluator = judges.Read();

        for (var i = 0; i < 12; i++)
            await Judges.AskAsync(evaluator);

        server.Requests.ShouldAllBe(request => request.Has("response_format"));
    }

    [Fact]
    public void A_call_that_began_before_the_format_changed_does_not_change_it_back()
    {
        var dialects = new Dialects();
        var tool = Dialect.Richest with { Format = AnswerFormat.Tool };
        for (var i = 0; i < 3; i++)
            dialects.Misunderstood("p", "m", Dialect.Richest);

        dialects.Misunderstood("p", "m", Dialect.Richest);
        dialects.Of("p", "m").ShouldBe(tool);

        dialects.Misunderstood("p", "m", tool with { Format = AnswerFormat.Json });
        dialects.Of("p", "m").Format.ShouldBe(AnswerFormat.Json);
    }

    [Theory]
    [InlineData("return_type: number\nnumber_limits: { min: 1, max: 5 }", "4.5", "4.5")]
    [InlineData("return_type: select\noptions: [good, bad]", "\"bad\"", "\"bad\"")]
    [InlineData("return_type: multi_select\noptions: [kind, short]", "[\"kind\"]", "[\"kind\"]")]
    [InlineData("return_type: text", "\"A text {{log.output}}\"", "\"A text {{log.output}}\"")]
    [InlineData("return_type: boolean", "null", null)]
    public async Task Every_return_type_is_answered(string returns, string said, string? judgment)
    {
        await using var server = await StartAsync(Says($$"""{"judgment":{{said}},"reason":"So."}"""));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read(returns: returns));

        (answer.Judgment?.ToString(), answer.Reason, answer.Error).ShouldBe((judgment, "So.", null));
    }

    [Theory]
    [InlineData("return_type: number", "Why.\n4", "4")]
    [InlineData("return_type: select\noptions: [Good, bad]", "Why.\ngood.", "\"Good\"")]
    [InlineData("return_type: multi_select\noptions: [a, b]", "Why.\n[\"a\", \"b\"]", "[\"a\", \"b\"]")]
    [InlineData("return_type: text", "Why.\nSo it is", "\"So it is\"")]
    [InlineData("return_type: boolean", "<think>true\nfalse</think>\nWhy.\nNo", "false")]
    [InlineData("return_type: boolean", "Why.\nnull", null)]
    [InlineData("return_type: boolean", "Why.\nperhaps", null)]
    public void The_last_line_is_read_as_the_return_type_says(string returns, string text, string? judgment)
    {
        using var judges = new Judges("http://localhost/v1");
        var type = judges.Read(returns: returns).Judging.Returns;

        var verdict = AnswerReader.Read(
            AnswerFormat.LastLine, null, text, type);

        (verdict?.Judgment?.ToString()).ShouldBe(judgment);
        (verdict is null).ShouldBe(text.EndsWith("perhaps", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("return_type: boolean", "\"true\"", "The judgment is a JSON string, not a boolean as return_type says.")]
    [InlineData("return_type: number\nnumber_limits: { max: 5 }", "6", "The judgment 6 is above the greatest accepted number, 5.")]
    [InlineData("return_type: select\noptions: [a, b]", "\"c\"", "The judgment \"c\" is not one of the options: a, b.")]
    public async Task A_judgment_that_does_not_fit_is_an_error_with_the_answer(string returns, string said, string error)
    {
        var reply = $$"""{"judgment":{{said}},"reason":"So."}""";
        await using var server = await StartAsync(Says(reply));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read(returns: returns));

        answer.Judgment.ShouldBeNull();
        answer.Error.ShouldBe($"{error} It answered: {reply}");
        answer.InputTokens.ShouldBe(1000);
    }

    [Fact]
    public async Task A_long_answer_is_cut_in_the_error()
    {
        await using var server = await StartAsync(Says(new string('x', 100_000), "length"));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read());

        answer.Error!.ShouldStartWith("The answer was cut off at max_tokens. It answered: xxx");
        answer.Error!.Length.ShouldBeLessThan(700);
        answer.Details!.Value.Utf8.Length.ShouldBeLessThan(20_000);
    }

    [Fact]
    public async Task What_is_not_counted_is_taken_for_the_most_that_it_can_be()
    {
        await using var server = await StartAsync(Says(Yes, counts: false));
        using var judges = new Judges(server.Url);
        var evaluator = judges.Read();

        var answer = await Judges.AskAsync(evaluator);

        answer.InputTokens!.Value.ShouldBeGreaterThan(500);
        answer.OutputTokens.ShouldBe(Yes.Length);
        answer.Cost.ShouldBeNull();
        evaluator.Judging.Call!.MostOf(Judges.Output("Paris")).Tokens
            .ShouldBeGreaterThanOrEqualTo(answer.InputTokens.Value + 500);
    }

    [Fact]
    public void The_most_that_a_call_costs_is_known_before()
    {
        using var judges = new Judges("http://localhost/v1", ("Prices:m:Input", "1000000"), ("Prices:m:Output", "1"));
        var most = judges.Read(more: "max_tokens: 1000000").Judging.Call!.MostOf(Judges.Output("Paris"));

        (most.Tokens - 1_000_000).ShouldBe((long)most.Cost - 1);
        most.Cost.ShouldBeGreaterThan(500);
    }
}
