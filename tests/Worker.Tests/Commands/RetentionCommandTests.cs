using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Commands;

public sealed class RetentionCommandTests : IDisposable
{
    private const string Rule = "--Retention:Rules:all:After=30d";

    private readonly CommandLine _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task Retention_says_what_goes_by_which_rule_and_leaves_what_is_pinned()
    {
        await FillAsync();
        (await _worker.RunAsync("pin", "f2")).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("pin", "none")).ExitCode.ShouldBe(ExitCodes.NotFound);
        (await _worker.RunAsync("pin", "--list")).Output.ShouldStartWith("f2  since ");

        (await _worker.RunAsync("retention")).Error.ShouldContain("Nothing is configured to be removed");
        var planned = await _worker.RunAsync("retention", "--dry-run", Rule);
        planned.Error.ShouldContain("By all: 1 trace with 2 Logs, about");
        planned.Error.ShouldContain("would go.");
        planned.Error.ShouldContain("Pinned, and kept: 1 trace.");
        (await StandingAsync()).ShouldBe(["f1", "f2", "t1"], ignoreOrder: true);

        var done = await _worker.RunAsync("retention", "--json", Rule);
        var report = JsonNode.Parse(done.Output)!;
        ((long)report["rules"]!["all"]!["traces"]!, (long)report["rules"]!["all"]!["logs"]!, (bool)report["dry_run"]!).ShouldBe((1, 2, false));
        done.Error.ShouldContain("are gone.");
        (await StandingAsync()).ShouldBe(["f2"]);

        (await _worker.RunAsync("unpin", "f2")).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("unpin", "f2")).ExitCode.ShouldBe(ExitCodes.NotFound);
        (await _worker.RunAsync("retention", "--compact", Rule)).ExitCode.ShouldBe(ExitCodes.Done);
        (await StandingAsync()).ShouldBeEmpty();
        (await _worker.RunAsync("verify")).Output.ShouldContain("0 faults");
    }

    [Fact]
    public async Task Delete_asks_to_be_told_that_it_is_meant_and_prints_a_receipt()
    {
        await FillAsync();
        (await _worker.RunAsync("delete", "f1")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("delete", "--yes")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("delete", "f1", "--dry-run")).Output.ShouldStartWith("Would be removed: 1 flow Log, 1 tool Log, 0 runs");
        (await StandingAsync()).Count.ShouldBe(3);

        var (exitCode, output, error) = await _worker.RunAsync("delete", "f1", "none", "--user", "ann", "--yes", "--json");

        exitCode.ShouldBe(ExitCodes.Done, error);
        var receipt = JsonNode.Parse(output)!;
        receipt["log_ids"]!.AsArray().Select(id => (string)id!).ShouldBe(["f1", "t1", "f2"], ignoreOrder: true);
        receipt["not_found"]!.AsArray().Select(id => (string)id!).ShouldBe(["none"]);
        error.ShouldContain("Nothing is stored as none.");
        (await StandingAsync()).ShouldBeEmpty();
        (await _worker.RunAsync("delete", "f1", "--yes")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    private async Task FillAsync()
    {
        using var host = _worker.Host();
        await host.Services.GetRequiredService<ILogStore>().WriteAsync(
            [Some.FlowLog("f1"), Some.Log("t1", "f1"), Some.FlowLog("f2", fields: (LogFields.User, "\"ann\""))],
            TestContext.Current.CancellationToken);
    }

    private async Task<List<string>> StandingAsync()
    {
        using var host = _worker.Host();
        return await host.Services.GetRequiredService<IAgeListing>().OldestAsync(TestContext.Current.CancellationToken)
            .SelectMany(page => page).Select(log => log.Id).ToListAsync(TestContext.Current.CancellationToken);
    }
}
