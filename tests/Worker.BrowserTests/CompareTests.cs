using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Worker.BrowserTests;

/// <summary>What differs between two Logs, and between two revisions of one.</summary>
public sealed class CompareTests(World world) : PageTests(world)
{
    private const string Hostile = "<script>window.hit=1</script><img src=x onerror=\"window.hit=1\"> \u202eevil\u2066";

    [BrowserFact]
    public async Task Two_logs_differ_field_by_field_and_line_by_line()
    {
        await Worker.FlowAsync("left", "pair/agent", Logged.Json("""
            {"inputs": {"question": "Where?", "tier": "free"}, "output": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine", "user": "ann"}
            """));
        await Worker.FlowAsync("right", "pair/agent", Logged.Json("""
            {"inputs": {"question": "Where?", "tier": "paid"}, "output": "one\ntwo\nthree\nfour\nfive\nsix\nseven\nEIGHT\nnine\nten", "user": "ann"}
            """));
        await Worker.JudgedAsync("right");
        var page = await OpenAsync("/trace?id=left");
        await page.Details().GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await Expect(page.GetByText("It has been judged in one revision")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("right");
        await page.Keyboard.PressAsync("Enter");

        var output = Field(page, "output");
        await Expect(output.Locator(".gone")).ToHaveTextAsync("- eight");
        await Expect(output.Locator(".come")).ToHaveTextAsync(["+ EIGHT", "+ ten"]);
        await Expect(output.Locator(".same")).ToHaveTextAsync("  … 4 same lines");
        await Expect(Field(page, "inputs").Locator(".gone")).ToContainTextAsync("\"tier\": \"free\"");
        await Expect(Field(page, "user")).ToHaveCountAsync(0);
        await Expect(page.GetByText(new Regex("The same in both"))).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("x");
        await Expect(output.Locator(".gone")).ToHaveTextAsync(["- EIGHT", "- ten"]);
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator(".field:focus")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Two_revisions_differ_in_what_was_said_of_each()
    {
        await Worker.LogAsync("flows", "revised", "pair/revised", Logged.Json("""{"output": "before", "trace_status": "complete"}"""));
        await Worker.UntilJudgedAsync("revised");
        await Worker.LogAsync("tools", "revised-tool", "pair/tool", Logged.Under("revised"), Logged.Json("""{"error": "broke"}"""));
        await Worker.UntilJudgedAsync("revised", revision: 2);

        var page = await OpenAsync("/trace?id=revised");
        await page.Details().GetByRole(AriaRole.Link, new() { Name = "Compare revisions" }).ClickAsync();

        await Expect(page.GetByLabel("From revision")).ToHaveValueAsync("1");
        await Expect(page.GetByLabel("To revision")).ToHaveValueAsync("2");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "monitoring/no-tool-failed" })).ToBeVisibleAsync();
        await Expect(Field(page, "judgment").First.Locator(".gone")).ToContainTextAsync("true");
        await Expect(page.GetByText("something under it has changed")).ToBeVisibleAsync();
        await PictureAsync(page, "compare-revisions");
    }

    [BrowserFact]
    public async Task What_is_compared_is_text_whatever_it_is()
    {
        var text = JsonValue.Create(Hostile).ToJsonString();
        for (var i = 0; i < 2; i++)
        {
            await Worker.SendLogAsync("flows", $$"""
                {"log_id": "evil-{{i}}", "path": "evil/pair", "user": {{text}}, "inputs": { {{text}}: {{i}}, "x": {{text}} },
                 "output": {{JsonValue.Create(Hostile + i).ToJsonString()}}, "metadata": { {{JsonValue.Create(Hostile + i).ToJsonString()}}: 1}, "trace_status": "complete"}
                """);
        }

        await Worker.JudgedAsync("evil-1");
        var page = await OpenAsync("/compare?id=evil-0&with=evil-1");

        await Expect(Field(page, "output").Locator(".gone")).ToContainTextAsync("<script>window.hit=1</script>");
        (await page.EvaluateAsync<bool>("() => 'hit' in window")).ShouldBeFalse();
        await Expect(page.Locator("main :is(script, img)")).ToHaveCountAsync(0);
    }

    [BrowserTheory]
    [InlineData("line", "a")]
    [InlineData("lines", "\\n")]
    public async Task Ten_megabytes_are_compared_and_freeze_nothing(string name, string between)
    {
        var many = new StringBuilder();
        for (var i = 0; many.Length < 10_000_000; i++)
            many.Append("word ").Append(i).Append(between);
        for (var i = 0; i < 2; i++)
        {
            await Worker.SendLogAsync("flows", string.Create(CultureInfo.InvariantCulture, $$"""
                {"log_id": "huge-{{name}}-{{i}}", "path": "long/pair", "trace_status": "complete", "output": "{{many}}the end {{i}}{{between}}{{many.ToString(0, 100_000)}}"}
                """));
        }

        await Worker.UntilJudgedAsync($"huge-{name}-1");
        var page = await OpenAsync($"/compare?id=huge-{name}-0&with=huge-{name}-1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare 20" }).ClickAsync();
        await Expect(Field(page, "output").Locator(".gone")).ToContainTextAsync("the end 0");
        await Expect(Field(page, "output").Locator(".come")).ToContainTextAsync("the end 1");
        var longest = await page.LongestTaskAsync();
        Say($"10 MB, {name}: busy for {longest.TotalMilliseconds:0} ms at once at most");
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [BrowserFact]
    public async Task Whatever_two_texts_are_the_difference_leads_from_the_one_to_the_other()
    {
        var page = await OpenAsync("/");
        var wrong = await page.EvaluateAsync<JsonElement>("""
            async () => {
              const { diff } = await import("/ui/diff.js");
              let seed = 1;
              const random = most => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % most;
              const text = () => Array.from({ length: random(8) }, () => "abc"[random(3)].repeat(random(3))).join("\n") + (random(2) ? "\n" : "");
              const whole = given => (given === "" || given.endsWith("\n") ? given : given + "\n");
              const side = (found, sign) => whole(found.before + found.lines.filter(each => each[0] !== sign).map(each => each[1] + "\n").join("") + found.after);
              const wrong = [];
              for (let i = 0; i < 20000; i++) {
                const [one, other] = [text(), text()], found = diff(one, other);
                if (side(found, "+") !== whole(one) || side(found, "-") !== whole(other)) wrong.push(JSON.stringify([one, other]));
              }
              return wrong;
            }
            """);
        wrong.GetArrayLength().ShouldBe(0, wrong.ToString());
    }

    private static ILocator Field(IPage page, string name) => page.Locator(".field").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });
}
