using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Storage;

namespace Worker.Tests.Commands;

public sealed class DeadLetterCommandTests : IAsyncLifetime
{
    private readonly CommandLine _worker = new();

    public async ValueTask InitializeAsync()
    {
        using var host = _worker.Host();
        await host.Services.GetRequiredService<IStore>().PrepareAsync(CancellationToken.None);
        await host.Services.GetRequiredService<IDeadLetterStore>().AddAsync(
            [
                Some.DeadLetter("one"),
                Some.DeadLetter("two", body: """{"output":"[red]\u001b"}""", reason: "kind_mismatch", at: 1),
                Some.DeadLetter("three", reason: "kind_mismatch", at: 2) with { Withheld = true, Body = null },
            ],
            CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _worker.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task They_are_listed_oldest_first()
    {
        var (exitCode, output, error) = await _worker.RunAsync("dead-letters", "list");
        exitCode.ShouldBe(ExitCodes.Done);
        error.ShouldStartWith("3 dead letters");
        foreach (var text in new[] { "one", "tool.logged", "missing_field", "log-of-one", "The message has no log_id" })
            output.ShouldContain(text);
        output.IndexOf("two", StringComparison.Ordinal).ShouldBeGreaterThan(
            output.IndexOf("one", StringComparison.Ordinal));

        var lines = (await _worker.RunAsync("dead-letters", "list", "--json")).Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => (string?)JsonNode.Parse(line)!["dead_letter_id"]).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task One_is_shown_with_its_body()
    {
        var letter = JsonNode.Parse((await _worker.RunAsync("dead-letters", "show", "two", "--json")).Output)!;
        ((string?)letter["body"]).ShouldBe("""{"output":"[red]\u001b"}""");
        ((string?)letter["reason"]).ShouldBe("kind_mismatch");
        JsonNode.Parse((await _worker.RunAsync("dead-letters", "show", "three", "--json")).Output)!["body"].ShouldBeNull();
        (await _worker.RunAsync("dead-letters", "show", "four")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Fact]
    public async Task One_is_put_back_into_the_inbox()
    {
        (await _worker.RunAsync("dead-letters", "redrive", "two")).ExitCode.ShouldBe(ExitCodes.Done);
        (await ListAsync()).ShouldBe(["one", "three"]);
        using var host = _worker.Host();
        await host.Services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        var inbox = await host.Services.GetRequiredService<IInbox>().PeekAsync(
            0, 10, TestContext.Current.CancellationToken);
        inbox.ShouldHaveSingleItem().MessageId.ShouldBe("message-of-two");
    }

    [Fact]
    public async Task What_is_withheld_is_not_put_back()
    {
        var (exitCode, _, error) = await _worker.RunAsync("dead-letters", "redrive", "three");
        exitCode.ShouldBe(ExitCodes.SomeFailed);
        error.ShouldContain("1 withheld letter left alone");
        (await ListAsync()).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task All_of_a_reason_go_back_without_a_canary_where_that_is_asked()
    {
        var (exitCode, _, error) = await _worker.RunAsync("dead-letters", "redrive", "--all", "--no-canary");
        exitCode.ShouldBe(ExitCodes.SomeFailed, "one is withheld");
        error.ShouldContain("2 dead letters put back.");
        (await ListAsync()).ShouldBe(["three"]);
    }

    [Fact]
    public async Task They_are_thrown_away_one_by_reason_or_all()
    {
        (await _worker.RunAsync("dead-letters", "discard", "four")).ExitCode.ShouldBe(ExitCodes.NotFound);
        (await _worker.RunAsync("dead-letters", "discard", "--reason", "kind_mismatch")).Error.ShouldBe(
            "2 dead letters thrown away." + Environment.NewLine);
        (await ListAsync()).ShouldBe(["one"]);
        (await _worker.RunAsync("dead-letters", "discard", "--all")).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("dead-letters", "list")).Error.ShouldStartWith("There are no dead letters");
    }

    private async Task<IEnumerable<string?>> ListAsync() =>
        (await _worker.RunAsync("dead-letters", "list", "--json")).Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string?)JsonNode.Parse(line)!["dead_letter_id"]);
}
