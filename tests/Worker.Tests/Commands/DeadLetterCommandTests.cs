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

    [Fact]
    public async Task Exactly_those_of_a_list_are_thrown_away_and_those_not_there_are_told()
    {
        var listed = (await _worker.RunAsync("dead-letters", "list", "--json")).Output.Split('\n')[1];

        var (exitCode, _, error) = await _worker.RunAsync(
            $"{listed}\n\nfour\n", ["dead-letters", "discard", "--ids-from", "-"]);

        exitCode.ShouldBe(ExitCodes.SomeFailed);
        error.ShouldBe(
            "1 dead letter thrown away." + Environment.NewLine +
            "There is no dead letter four; worker dead-letters list shows them." + Environment.NewLine);
        (await ListAsync()).ShouldBe(["one", "three"]);
        (await _worker.RunAsync("dead-letters", "discard", "--ids-from", _worker.File("ids", "five"))).ExitCode.ShouldBe(
            ExitCodes.NotFound);
        (await _worker.RunAsync("dead-letters", "redrive", "--no-canary", "--ids-from", _worker.File("ids", "one"))).ExitCode
            .ShouldBe(ExitCodes.Done);
        (await ListAsync()).ShouldBe(["three"]);
    }

    [Theory]
    [InlineData("", "names no letter.")]
    [InlineData("one two", "line 1 names no letter")]
    [InlineData("one\n{\"id\":\"two\"}", "line 2 names no letter")]
    [InlineData("{", "line 1 names no letter")]
    public async Task A_list_that_is_none_changes_nothing(string list, string said)
    {
        var (exitCode, _, error) = await _worker.RunAsync(list, ["dead-letters", "discard", "--ids-from", "-"]);

        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(said);
        (await ListAsync()).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task Those_written_before_a_time_are_meant()
    {
        var between = $"{Some.At(0.5):O}";
        (await _worker.RunAsync("dead-letters", "discard", "--before", between, "--reason", "kind_mismatch")).Error
            .ShouldStartWith("0 dead letters thrown away.");
        (await _worker.RunAsync("dead-letters", "discard", "--before", between)).ExitCode.ShouldBe(ExitCodes.Done);
        (await ListAsync()).ShouldBe(["two", "three"]);
        (await _worker.RunAsync("dead-letters", "discard", "--all", "--reason", "poison")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("dead-letters", "discard")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task What_was_thrown_away_is_remembered_and_accounted_for()
    {
        await _worker.RunAsync("dead-letters", "discard", "--reason", "kind_mismatch");

        var entry = JsonNode.Parse((await _worker.RunAsync("audit", "--json", "--act", "letters_discarded")).Output)!;
        entry["subjects"]!.AsArray().Select(id => (string)id!).ShouldBe(["two", "log-of-two", "three", "log-of-three"]);
        entry["counts"]!.ToJsonString().ShouldBe("""{"discarded":2,"reason kind_mismatch":2}""");
        ((string?)entry["note"], (string?)entry["outcome"]).ShouldBe(("all refused for kind_mismatch", "done"));
        ((string?)entry["actor"]).ShouldBe($"{Environment.UserName}@{Environment.MachineName}");
        (await _worker.RunAsync("verify")).Output.ShouldContain("1 dead letter (2 were thrown away before: worker audit). 0 faults.");
        var (exitCode, _, error) = await _worker.RunAsync("explain", "log-of-two");
        exitCode.ShouldBe(ExitCodes.NotFound);
        error.ShouldContain("A refused message about it was thrown away at ");
        (await _worker.RunAsync("explain", "log-of-one")).Error.ShouldNotContain("thrown away");
    }

    [Fact]
    public async Task One_that_was_refused_before_says_every_time()
    {
        using (var host = _worker.Host())
        {
            await host.Services.GetRequiredService<IDeadLetterStore>().AddAsync(
                [
                    Some.DeadLetter("back", body: "3") with
                    {
                        Attempts = [new(1, Some.At(1), "poison", "The first."), new(2, Some.At(2), "missing_field", "The second.")],
                    },
                ],
                TestContext.Current.CancellationToken);
        }

        var shown = JsonNode.Parse((await _worker.RunAsync("dead-letters", "show", "back")).Output)!;
        shown["attempts"]!.AsArray().Select(each => ((int)each!["number"]!, (string)each["reason"]!, (string)each["detail"]!))
            .ShouldBe([(1, "poison", "The first."), (2, "missing_field", "The second.")]);
        DateTimeOffset.Parse((string)shown["written_at"]!, null).ShouldBe(Some.At(2));
    }

    private async Task<IEnumerable<string?>> ListAsync() =>
        (await _worker.RunAsync("dead-letters", "list", "--json")).Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string?)JsonNode.Parse(line)!["dead_letter_id"]);
}
