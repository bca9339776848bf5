using System.Text.Json;
using Worker.Evaluation;

namespace Worker.Tests.Evaluation.JavaScript;

public sealed class JavaScriptCallTests(JavaScriptFenceTests.Host host) : IClassFixture<JavaScriptFenceTests.Host>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("true", "true")]
    [InlineData("log.output === 'yes'", "true")]
    [InlineData("log.trace_children[0].children.length", "2")]
    [InlineData("log.children === log.trace_children", "true")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("-0", "-0.0")]
    [InlineData("10 ** 20", "100000000000000000000")]
    [InlineData("'Grüße\\n\"' + String.fromCodePoint(0x1F600)", "\"Grüße\\n\\\"😀\"")]
    [InlineData("'a\\uD800b'", "\"a\uFFFDb\"")]
    [InlineData("['a', 'b', 'c']", "[\"a\",\"b\",\"c\"]")]
    [InlineData("[]", "[]")]
    [InlineData("[true, null]", "true")]
    [InlineData("[['a', 'b'], 'why']", "[\"a\",\"b\"]")]
    public async Task What_the_last_function_returns_is_the_judgment(string expression, string json)
    {
        var log = new
        {
            output = "yes",
            trace_children = new[] { new { trace_children = new[] { new { id = "a" }, new { id = "b" } } } },
        };
        var judgment = await host.JavaScript.JudgeAsync(
            $"function helper() {{}}\nfunction f(log) {{ return {expression} }}", log);
        JsonElement.DeepEquals(JsonElement.Parse(judgment), JsonElement.Parse(json)).ShouldBeTrue(judgment);
    }

    [Theory]
    [InlineData("function f(log) { return 1 }")]
    [InlineData("function g() { return 2 }\nconst f = log => 1;")]
    [InlineData("const f = log => 2, g = function (log) { return 1 }, h = 3;")]
    [InlineData("log => 1")]
    [InlineData("const help = () => 1;\n(log) => help()")]
    [InlineData("async log => { await null; return 1 }")]
    [InlineData("class A { one() { return 1 } }\nfunction f(log) { function inner() {} return new A().one() }")]
    public async Task A_function_may_be_written_in_any_way(string code) =>
        (await host.JavaScript.JudgeAsync(code)).ShouldBe("1");

    [Theory]
    [InlineData("null", null)]
    [InlineData("undefined", null)]
    [InlineData("[null, 'nothing to judge']", "nothing to judge")]
    public async Task Null_abstains(string expression, string? reason)
    {
        var answer = await AskAsync($"log => ({expression})");
        answer.ShouldBe(new EvaluatorAnswer((Worker.Traces.JsonValue?)null) { Reason = reason });
    }

    [Fact]
    public async Task An_array_gives_a_reason()
    {
        var answer = await AskAsync("log => [0.5, 'half of it']");
        answer.Judgment.ShouldNotBeNull().ToString().ShouldBe("0.5");
        answer.Reason.ShouldBe("half of it");
    }

    [Theory]
    [InlineData(nameof(ReturnType.Select), "\"a\"", "b")]
    [InlineData(nameof(ReturnType.Text), "\"a\"", "b")]
    [InlineData(nameof(ReturnType.MultiSelect), "[\"a\",\"b\"]", null)]
    public async Task Two_texts_are_what_the_type_says(string returns, string judgment, string? reason)
    {
        var answer = await host.JavaScript.AskAsync(
            "log => ['a', 'b']", returns: Enum.Parse<ReturnType>(returns), cancellationToken: Token);
        answer.Judgment.ShouldNotBeNull().ToString().ShouldBe(judgment);
        answer.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("NaN", "f returned a number that is not finite; a finite one is accepted.")]
    [InlineData("-Infinity", "f returned a number that is not finite; a finite one is accepted.")]
    [InlineData("[true, 1]", "f returned an array that is neither [judgment, reason], the reason a text, nor all texts.")]
    [InlineData("[1, 2, 3]", "f returned an array that is neither [judgment, reason], the reason a text, nor all texts.")]
    [InlineData("{}", "f returned an object; a boolean, a number, a text, an array of texts or null is accepted.")]
    [InlineData("7n", "f returned a bigint; a boolean, a number, a text, an array of texts or null is accepted.")]
    [InlineData("f", "f returned a function; a boolean, a number, a text, an array of texts or null is accepted.")]
    public async Task What_is_no_judgment_is_an_error(string expression, string error) =>
        (await AskAsync($"const f = log => ({expression})")).Error.ShouldBe(error);

    [Fact]
    public async Task What_is_thrown_is_told_with_its_lines()
    {
        var answer = await AskAsync(
            """
            function helper(log) {
              return log.nothing.more;
            }
            function f(log) {
              console.log("about to fail");
              const found = helper(log);
              return found;
            }
            """);
        answer.Judgment.ShouldBeNull();
        answer.Stdout.ShouldBe("about to fail\n");
        var lines = answer.Error.ShouldNotBeNull().Split('\n', StringSplitOptions.TrimEntries);
        lines[0].ShouldStartWith("TypeError: Cannot read properties of undefined (reading 'more')");
        lines.ShouldContain(line => line.StartsWith("at helper (monitoring/under-test:2:", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("at f (monitoring/under-test:6:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("function f(log {", "SyntaxError: ")]
    [InlineData("function f(log) {\n  return 1 +;\n}", "monitoring/under-test:2:")]
    [InlineData("x = 1;\nfunction f() {}", "ReferenceError: x is not defined")]
    [InlineData("const x = 1", "The code defines no function; the last one that it defines is called with the Log.")]
    public async Task Code_that_cannot_be_run_is_an_error(string code, string error) =>
        (await AskAsync(code)).Error.ShouldNotBeNull().ShouldContain(error);

    [Fact]
    public async Task What_is_said_by_console_is_kept_in_its_order()
    {
        var answer = await AskAsync(
            """
            log => {
              console.log("one", 1, null, [1, { a: "b" }]);
              console.error("zwei: ü");
              return true;
            }
            """);
        answer.Stdout.ShouldBe("one 1 null [1,{\"a\":\"b\"}]\nzwei: ü\n");
    }

    [Fact]
    public async Task What_was_said_before_the_timeout_is_kept()
    {
        var answer = await AskAsync("log => { console.log('begun'); for (;;) {} }", seconds: 1);
        answer.Stdout.ShouldBe("begun\n");
        answer.Error.ShouldBe("The code was ended after 1 s, its timeout.");
    }

    [Fact]
    public async Task Nothing_of_a_call_is_left_for_the_next()
    {
        await host.JavaScript.JudgeAsync(
            """
            globalThis.left = 1;
            var alsoLeft = 1;
            Object.prototype.left = Array.prototype.left = 1;
            JSON.parse = Array.prototype.map = Promise.prototype.then = () => 7;
            console.log = null;
            Object.freeze(Object.prototype);
            log => true
            """);
        (await host.JavaScript.JudgeAsync(
            """
            log => [typeof left, typeof alsoLeft, typeof log.left, typeof [].left, String(JSON.parse("1")),
              typeof console.log, String([2].map(x => x)), String(Object.isFrozen(Object.prototype))]
            """)).ShouldBe(
                """["undefined","undefined","undefined","undefined","1","function","2","false"]""");
    }

    [Fact]
    public async Task A_Log_of_8_MiB_is_judged()
    {
        var log = new { output = new string('x', 8 << 20) };
        (await host.JavaScript.JudgeAsync("log => log.output.length", log)).ShouldBe($"{8 << 20}");
    }

    [Fact]
    public async Task Calls_in_a_row_all_answer()
    {
        for (var i = 0; i < 200; i++)
            (await host.JavaScript.JudgeAsync("log => log.number * 2", new { number = i })).ShouldBe($"{i * 2}");
        host.JavaScript.Hosts.ShouldHaveSingleItem();
    }

    private Task<EvaluatorAnswer> AskAsync(string code, double? seconds = null) =>
        host.JavaScript.AskAsync(code, seconds: seconds, cancellationToken: Token);
}
