using System.Text.Json;
using Worker.Evaluation;

namespace Worker.Tests.Evaluation.Python;

public sealed class PythonCallTests(PythonCallTests.Host host) : IClassFixture<PythonCallTests.Host>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("True", "true")]
    [InlineData("log['output'] == 'yes'", "true")]
    [InlineData("len(log['trace_children'][0]['children'])", "2")]
    [InlineData("log['children'] is log['trace_children']", "true")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("10 ** 20", "100000000000000000000")]
    [InlineData("'Grüße\\n\"' + chr(0x1F600)", "\"Grüße\\n\\\"😀\"")]
    [InlineData("'a' + chr(0xD800) + 'b'", "\"a\uFFFDb\"")]
    [InlineData("['a', 'b']", "[\"a\",\"b\"]")]
    [InlineData("[]", "[]")]
    [InlineData("(True, None)", "true")]
    [InlineData("__import__('enum').IntEnum('E', 'A').A", "1")]
    public async Task What_the_last_function_returns_is_the_judgment(string expression, string json)
    {
        var log = new
        {
            output = "yes",
            trace_children = new[] { new { trace_children = new[] { new { id = "a" }, new { id = "b" } } } },
        };
        var judgment = await host.Python.JudgeAsync($"def helper(): pass\ndef f(log): return {expression}", log);
        JsonElement.DeepEquals(JsonElement.Parse(judgment), JsonElement.Parse(json)).ShouldBeTrue(judgment);
    }

    [Theory]
    [InlineData("None", null)]
    [InlineData("(None, 'nothing to judge')", "nothing to judge")]
    public async Task None_abstains(string expression, string? reason)
    {
        var answer = await AskAsync($"def f(log): return {expression}");
        answer.ShouldBe(new EvaluatorAnswer((Worker.Traces.JsonValue?)null) { Reason = reason });
    }

    [Fact]
    public async Task A_tuple_gives_a_reason()
    {
        var answer = await AskAsync("def f(log): return 0.5, 'half of it'");
        answer.Judgment.ShouldNotBeNull().ToString().ShouldBe("0.5");
        answer.Reason.ShouldBe("half of it");
    }

    [Theory]
    [InlineData("float('nan')", "f returned a number that is not finite; a finite one is accepted.")]
    [InlineData("float('-inf')", "f returned a number that is not finite; a finite one is accepted.")]
    [InlineData("(True, 1)", "f returned a tuple that is not (judgment, reason), the reason a text.")]
    [InlineData("(1, 2, 3)", "f returned a tuple that is not (judgment, reason), the reason a text.")]
    [InlineData("{}", "f returned a dict; a bool, a number, a text, a list of texts or None is accepted.")]
    [InlineData("[1]", "f returned a list; a bool, a number, a text, a list of texts or None is accepted.")]
    [InlineData("f", "f returned a function; a bool, a number, a text, a list of texts or None is accepted.")]
    public async Task What_is_no_judgment_is_an_error(string expression, string error) =>
        (await AskAsync($"def f(log): return {expression}")).Error.ShouldBe(error);

    [Fact]
    public async Task A_function_that_is_asynchronous_is_an_error() =>
        (await AskAsync("async def f(log): return True")).Error.ShouldNotBeNull().ShouldStartWith("f returned a coroutine;");

    [Fact]
    public async Task An_exception_is_told_with_its_lines()
    {
        var answer = await AskAsync(
            """
            def helper(log):
                return log["nothing"] + 1
            def f(log):
                print("about to fail")
                return helper(log)
            """);
        answer.Judgment.ShouldBeNull();
        answer.Stdout.ShouldBe("about to fail\n");
        var lines = answer.Error.ShouldNotBeNull().Split('\n', StringSplitOptions.TrimEntries);
        lines.ShouldContain("File \"monitoring/under-test\", line 5, in f");
        lines.ShouldContain("File \"monitoring/under-test\", line 2, in helper");
        lines.ShouldContain("return log[\"nothing\"] + 1");
        lines[^1].ShouldBe("KeyError: 'nothing'");
    }

    [Theory]
    [InlineData("def f(log:", "SyntaxError: ")]
    [InlineData("def f(log):\n  return 1\n return 2", "IndentationError: ")]
    [InlineData("import nothing_of_that_name\ndef f(log): return 1", "ModuleNotFoundError: ")]
    public async Task Code_that_cannot_be_compiled_is_an_error_with_its_line(string code, string error) =>
        (await AskAsync(code)).Error.ShouldNotBeNull().ShouldSatisfyAllConditions(
            text => text.ShouldContain("File \"monitoring/under-test\", line "), text => text.ShouldContain(error));

    [Fact]
    public async Task Code_without_a_function_is_an_error() =>
        (await AskAsync("x = 1")).Error.ShouldBe(
            "The code defines no function; the last one that it defines is called with the Log.");

    [Fact]
    public async Task What_is_printed_is_kept_in_its_order()
    {
        var answer = await AskAsync(
            """
            import sys
            def f(log):
                print("one")
                print("two", file=sys.stderr)
                print("drei: ü")
                return True
            """);
        answer.Stdout.ShouldBe("one\ntwo\ndrei: ü\n");
    }

    [Fact]
    public async Task What_was_printed_before_the_timeout_is_kept()
    {
        var answer = await AskAsync("def f(log):\n  print('begun')\n  while True: pass", seconds: 0.5);
        answer.Stdout.ShouldBe("begun\n");
        answer.Error.ShouldBe("The code was ended after 0.5 s, its timeout.");
    }

    [Fact]
    public async Task Nothing_of_a_call_is_left_for_the_next()
    {
        var log = new { output = "a secret of this call" };
        (await host.Python.JudgeAsync(
            """
            import builtins, json, re, sys
            def f(log):
                builtins.open = json.loads = json.dumps = re.match = len
                builtins.left = sys.left = log
                sys.modules["left"] = sys
                sys.path.clear()
                print(log["output"])
                return log["output"]
            """,
            log)).ShouldContain("secret");

        // All that the next call inherits: the host's objects, found over its frames.
        (await host.Python.JudgeAsync(
            """
            import builtins, json, re, sys
            def f(log):
                frame, seen = sys._getframe(), []
                while frame:
                    for value in list(frame.f_locals.values()):
                        for room in (getattr(value, "_output", None), getattr(value, "_answer", None)):
                            if room is not None: seen.append(bytes(room._bytes))
                    frame = frame.f_back
                left = hasattr(builtins, "left") or hasattr(sys, "left") or "left" in sys.modules
                patched = builtins.open is len or json.loads is len or re.match is len or not sys.path
                return [str(len(seen) > 0), str(left), str(patched), str(any(b"secret" in each for each in seen))]
            """)).ShouldBe("[\"True\",\"False\",\"False\",\"False\"]");
    }

    [Fact]
    public async Task Sets_are_walked_in_the_same_order_in_every_host()
    {
        const string Code = "def f(log): return ','.join({str(n) for n in range(50)})";
        using var other = new PythonUnderTest();
        (await host.Python.JudgeAsync(Code)).ShouldBe(await other.JudgeAsync(Code));
    }

    [Fact]
    public async Task There_is_nothing_in_the_environment() =>
        (await host.Python.JudgeAsync("import os\ndef f(log): return str(dict(os.environ)) + os.getcwd()"))
            .ShouldBe("\"{}/\"");

    [Fact]
    public async Task A_Log_of_8_MiB_is_judged()
    {
        var log = new { output = new string('x', 8 << 20) };
        (await host.Python.JudgeAsync("def f(log): return len(log['output'])", log)).ShouldBe($"{8 << 20}");
    }

    private Task<EvaluatorAnswer> AskAsync(string code, double? seconds = null) =>
        host.Python.AskAsync(code, seconds: seconds, cancellationToken: Token);

    public sealed class Host : IDisposable
    {
        internal PythonUnderTest Python { get; } = new();

        public void Dispose() => Python.Dispose();
    }
}
