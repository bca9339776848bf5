using System.Text.Json.Nodes;
using Worker.Commands;

namespace Worker.Tests.Commands;

/// <summary><c>logs query</c> over what the shipped sample leaves.</summary>
[Collection("demo")]
public sealed class LogsCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task A_search_lists_its_traces_newest_first_and_page_after_page_the_same()
    {
        await _worker.RunAsync("demo");

        var whole = await ListAsync();
        var failed = await ListAsync("verdict.monitoring/no-tool-failed:false");
        var others = await ListAsync(" -verdict.monitoring/no-tool-failed:false");

        whole.Count.ShouldBeGreaterThan(2);
        whole.Select(Created).ShouldBe(whole.Select(Created).OrderDescending());
        failed.ShouldNotBeEmpty();
        failed.Select(Id).Concat(others.Select(Id)).ShouldBe(whole.Select(Id), ignoreOrder: true);
        (await PagesAsync()).ShouldBe(whole.Select(Id));
    }

    [Fact]
    public async Task People_get_a_table()
    {
        await _worker.RunAsync("demo");

        var (exitCode, output, error) = await _worker.RunAsync("logs", "query", "path:support/answer-ticket");

        exitCode.ShouldBe(ExitCodes.Done);
        output.ShouldContain("log_answer-ticket_1");
        output.ShouldContain("monitoring/no-tool-failed: false");
        error.ShouldEndWith("1 trace.\n");
    }

    [Theory]
    [InlineData("colour:red", "There is no field \"colour\"")]
    [InlineData("status:green", "status:green cannot be asked")]
    [InlineData("--after=yesterday", "--after is \"yesterday\"")]
    [InlineData("--limit=0", "--limit accepts 1 to 10000.")]
    public async Task What_cannot_be_asked_is_a_sentence(string argument, string sentence)
    {
        await _worker.RunAsync("demo");

        var (exitCode, _, error) = await _worker.RunAsync("logs", "query", argument);

        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(sentence);
    }

    private static string Id(JsonNode row) => (string)row["id"]!;

    private static string Created(JsonNode row) => (string)row["created_at"]!;

    private async Task<List<JsonNode>> ListAsync(params string[] arguments)
    {
        var (exitCode, output, _) = await _worker.RunAsync(["logs", "query", "--json", .. arguments]);
        exitCode.ShouldBe(ExitCodes.Done);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private async Task<List<string>> PagesAsync()
    {
        var (ids, place) = (new List<string>(), "");
        while (true)
        {
            string[] after = place.Length == 0 ? [] : ["--after", place];
            var (_, output, error) = await _worker.RunAsync(["logs", "query", "--json", "--limit", "1", .. after]);
            ids.AddRange(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Id(JsonNode.Parse(line)!)));
            if (!error.Contains("--after "))
                return ids;
            place = error.Split("--after ")[1].Trim();
        }
    }
}
