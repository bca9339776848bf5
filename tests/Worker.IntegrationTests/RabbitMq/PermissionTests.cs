using System.Text.Json.Nodes;
using Worker.Ingestion.RabbitMq;
using Worker.IntegrationTests.Support;
using Worker.Runs;

namespace Worker.IntegrationTests.RabbitMq;

/// <summary>A broker whose topology a platform team has imported, and whose users may not configure it.</summary>
public sealed class PermissionTests : IAsyncLifetime
{
    private const string Nothing = "^$";
    private const string Password = "top-s3cret";

    /// <summary>What is asked of a user in server mode, as docs/operations.md has it.</summary>
    private const string OfTheBus = @"^worker\.(evaluation|evaluators|run-due|run-evaluators|evaluators-finished|bus-probe)$";

    private readonly VirtualHost _host = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _user = "worker-test-" + Guid.NewGuid().ToString("n")[..12];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Address => new UriBuilder(_host.Uri) { UserName = _user, Password = Password }.Uri;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    [RabbitMqFact]
    public async Task Where_everything_was_imported_a_worker_drains_refuses_and_redrives_without_the_configure_permission()
    {
        await ImportAsync();
        await _host.Management.CreateUserAsync(
            _host.Name, _user, Password, configure: @"^worker\.ingest\.owner$", write: @"^(logs(\.dead)?|amq\.default)$", read: @"^worker\.(ingest|dead|ingest\.owner)$");
        await using var broker = await _host.ConnectAsync();
        await using var worker = WorkerProcess.Run(_folder.Path, Address);
        await worker.UntilReadyAsync(broker);

        (await CommandAsync("publish", MessageFile("""{"type":"tool.logged","log_id":"allowed"}"""))).ExitCode.ShouldBe(0);
        await worker.UntilAsync("it is stored", async () => (await CommandAsync("trace", "allowed")).ExitCode == 0);

        await broker.PublishAsync(TestMessage.Of("tool.logged", "[]"));
        var letter = await Eventually.FindAsync("a dead letter", async () =>
            (await CommandAsync("dead-letters", "list", "--json")).Output is { Length: > 0 } lines
                ? JsonNode.Parse(lines)
                : null);
        ((string?)letter["reason"]).ShouldBe("not_an_object");
        var redriven = await CommandAsync("dead-letters", "redrive", "--all");
        redriven.Error.ShouldContain("1 dead letter put back.");
        await Eventually.IsTrueAsync(
            "it is refused again", async () => await broker.ReadyAsync(BrokerClient.DeadQueue) == 1);
        (await CommandAsync("dead-letters", "discard", "--all")).Error.ShouldContain("1 dead letter thrown away.");

        var second = await CommandAsync("run", $"--Storage:Path={Path.Combine(_folder.Path, "second")}");
        second.ExitCode.ShouldBe(2, second.Error);
        second.Error.ShouldContain($"holds {IngestOwner.Queue}");

        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
        worker.Heard.ShouldNotContain(Password);
    }

    [RabbitMqFact]
    public async Task A_producer_who_may_only_write_to_logs_publishes()
    {
        await ImportAsync();
        await _host.Management.CreateUserAsync(
            _host.Name, _user, Password, configure: Nothing, write: "^logs$", read: Nothing);
        await using var broker = await _host.ConnectAsync();

        (await CommandAsync("publish", MessageFile("""{"type":"tool.logged","log_id":"a"}"""))).ExitCode.ShouldBe(0);

        (await broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(1u);
    }

    [RabbitMqTheory]
    [InlineData("run")]
    [InlineData("publish -")]
    [InlineData("dead-letters list")]
    public async Task What_is_missing_and_may_not_be_declared_is_named_with_what_helps(string command)
    {
        await _host.Management.CreateUserAsync(
            _host.Name, _user, Password, configure: Nothing, write: ".*", read: ".*");

        var first = await CommandAsync(command.Split(' '));
        await ImportAsync(without: "worker.dead");
        var second = await CommandAsync(command.Split(' '));

        first.ExitCode.ShouldBe(2, first.Error);
        first.Error.ShouldContain("RabbitMQ has no exchange logs, and the user of ConnectionStrings:RabbitMq may not declare it; import config/rabbitmq/definitions.json");
        second.ExitCode.ShouldBe(2, second.Error);
        second.Error.ShouldContain("RabbitMQ has no queue worker.dead, and the user");
        (first.Error + second.Error).ShouldNotContain(Password);
    }

    [RabbitMqTheory]
    [InlineData("publish -", ".*", "^$", "^$")]
    [InlineData("dead-letters list", ".*", ".*", "^$")]
    public async Task A_permission_that_is_missing_is_named(string command, string configure, string write, string read)
    {
        await ImportAsync();
        await _host.Management.CreateUserAsync(_host.Name, _user, Password, configure, write, read);
        var file = MessageFile("""{"type":"tool.logged","log_id":"a"}""");
        await using (var broker = await _host.ConnectAsync())
            await broker.PublishAsync(TestMessage.Of("tool.logged", "[]"), exchange: "logs.dead");

        var result = await CommandAsync([.. command.Split(' ').Select(word => word == "-" ? file : word)]);

        result.ExitCode.ShouldBe(3, result.Error);
        result.Error.ShouldContain("refuses that to the user of ConnectionStrings:RabbitMq (ACCESS_REFUSED - ");
        result.Error.ShouldContain("give the user that permission");
        result.Error.ShouldNotContain(Password);
    }

    [ServerFact]
    public async Task In_server_mode_the_bus_needs_its_own_endpoints_and_nothing_else()
    {
        await ImportAsync();
        await _host.Management.CreateUserAsync(
            _host.Name, _user, Password, configure: OfTheBus, write: OfTheBus + @"|^logs(\.dead)?$", read: OfTheBus + @"|^worker\.(ingest|dead)$");
        await using var broker = await _host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        await using var worker = WorkerProcess.Run(storage, Address, new Dictionary<string, string>());
        await worker.UntilReadyAsync(broker);

        await broker.PublishAsync(TestMessage.Of("flow.logged", """{"log_id": "judged", "output": "", "trace_status": "complete"}"""));

        await using var store = await StoreReader.OpenAsync(storage);
        await worker.UntilAsync(
            "the trace is judged",
            async () => await store.Runs.ReadAsync("judged", Cancellation) is { State: RunState.Judged });
        worker.Heard.ShouldNotContain("ACCESS_REFUSED");
    }

    public async ValueTask DisposeAsync()
    {
        if (TestServers.HasRabbitMq)
            await _host.Management.DeleteUserAsync(_user);
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private Task<ProgramResult> CommandAsync(params string[] arguments) =>
        WorkerProcess.CommandAsync(_folder.Path, Address, arguments);

    private string MessageFile(string line)
    {
        var file = Path.Combine(_folder.Path, "messages.jsonl");
        File.WriteAllText(file, line);
        return file;
    }

    /// <param name="without">A queue that is left out.</param>
    private async Task ImportAsync(string? without = null)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "config", "rabbitmq", "definitions.json");
        var definitions = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        if (without is not null)
        {
            Remove(definitions["queues"]!.AsArray(), queue => (string?)queue["name"] == without);
            Remove(definitions["bindings"]!.AsArray(), binding => (string?)binding["destination"] == without);
        }

        await _host.Management.ImportAsync(_host.Name, definitions.ToJsonString());
    }

    private static void Remove(JsonArray items, Predicate<JsonNode> unwanted)
    {
        foreach (var item in items.Where(item => unwanted(item!)).ToList())
            items.Remove(item);
    }
}
