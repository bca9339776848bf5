using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task Everything_that_changes_something_is_there_newest_first()
    {
        await FillAsync();
        var made = JsonNode.Parse((await _worker.RunAsync("keys", "create", "team", "--json")).Output)!;
        await _worker.RunAsync("keys", "revoke", (string)made["id"]!);
        await _worker.RunAsync("keys", "revoke", "none");
        await _worker.RunAsync("pin", "f1");
        await _worker.RunAsync("unpin", "f1");
        await _worker.RunAsync("delete", "f1", "--dry-run");
        await _worker.RunAsync("delete", "f1", "--yes");
        await _worker.RunAsync("retention");

        var entries = await EntriesAsync();

        entries.Select(each => ((string)each["act"]!, (string)each["outcome"]!)).ShouldBe(
        [
            ("retention_run", "nothing"), ("logs_deleted", "done"), ("log_unpinned", "done"), ("log_pinned", "done"),
            ("key_revoked", "nothing"), ("key_revoked", "done"), ("key_created", "done"),
        ]);
        entries.ShouldAllBe(each => (string)each["actor"]! == $"{Environment.UserName}@{Environment.MachineName}"
            && (string)each["from"]! == "command line");
        entries[1]["subjects"]!.AsArray().Select(id => (string)id!).ShouldBe(["f1", "t1"]);
        entries[1]["counts"]!.ToJsonString().ShouldBe("""{"ids_asked":1,"logs":2}""");
        ((string?)entries[6]["note"]).ShouldBe("team: ingest, read");
        (await _worker.RunAsync("audit")).Output.ShouldNotContain((string)made["key"]!);
    }

    [Fact]
    public async Task No_payload_no_secret_and_nobodys_user_is_in_it()
    {
        await FillAsync();
        var key = (string)JsonNode.Parse((await _worker.RunAsync("keys", "create", "team", "--json")).Output)!["key"]!;
        using (var host = _worker.Host())
        {
            await host.Services.GetRequiredService<IDeadLetterStore>().AddAsync(
                [Some.DeadLetter("d", """{"user":"ann","output":"dear Ann"}""")], TestContext.Current.CancellationToken);
        }

        (await _worker.RunAsync("delete", "--user", "ann", "--yes")).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("delete", "ann", "--yes")).ExitCode.ShouldBe(ExitCodes.NotFound);

        var (exitCode, output, error) = await _worker.RunAsync("audit", "--json");
        exitCode.ShouldBe(ExitCodes.Done, error);
        foreach (var secret in new[] { "ann", "Ann", "f-of-", key, "output" })
            output.ShouldNotContain(secret, Case.Sensitive);
        var deleted = (await EntriesAsync("--act", "logs_deleted"))[1];
        ((string?)deleted["note"]).ShouldBe("by user");
        deleted["subjects"]!.AsArray().ShouldBeEmpty();
        deleted["counts"]!.ToJsonString().ShouldBe("""{"dead_letters":1,"logs":1,"users_asked":1}""");
    }

    [Fact]
    public async Task It_is_searched_and_paged()
    {
        await FillAsync();
        for (var i = 0; i < 3; i++)
        {
            await _worker.RunAsync("pin", "f1");
            await _worker.RunAsync("pin", "t1");
        }

        (await EntriesAsync("--subject", "t1")).Count.ShouldBe(3);
        (await EntriesAsync("--actor", "nobody")).ShouldBeEmpty();
        (await EntriesAsync("--since", "2100-01-01")).ShouldBeEmpty();
        (await EntriesAsync("--until", "2100-01-01", "--act", "log_pinned")).Count.ShouldBe(6);
        var first = await _worker.RunAsync("audit", "--json", "--limit", "4");
        first.Error.ShouldStartWith("4 acts, and there are more: --after aud_");
        var rest = await EntriesAsync("--after", first.Error.Trim().Split(' ')[^1]);
        rest.Count.ShouldBe(2);
        (await _worker.RunAsync("audit", "--act", "magic")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("audit", "--limit", "0")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task Without_a_store_there_is_none() =>
        (await _worker.RunAsync("audit")).ExitCode.ShouldBe(ExitCodes.NotFound);

    private async Task<List<JsonNode>> EntriesAsync(params string[] args) =>
    [
        .. (await _worker.RunAsync(["audit", "--json", .. args])).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!),
    ];

    private async Task FillAsync()
    {
        using var host = _worker.Host();
        await host.Services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<ILogStore>().WriteAsync(
            [Some.FlowLog("f1"), Some.Log("t1", "f1"), Some.FlowLog("f-of-ann", fields: (LogFields.User, "\"ann\""))],
            TestContext.Current.CancellationToken);
    }
}
