using System.Diagnostics;
using System.Text.Json;
using Worker.IntegrationTests.Support;
using Worker.Runs;

namespace Worker.IntegrationTests;

/// <summary>
/// A trace of 30 000 Logs of 4 KB, which is more than the worker's heap may hold: the memory that it costs is bounded
/// by pages, not by the trace. Ten times of it: <c>bench -- big-trace</c>.
/// </summary>
public sealed class LargeTraceTests : IAsyncLifetime
{
    private const int Children = 30_000;
    private const int Before = 10_000;
    private const long MostBytes = 100_000_000;
    private const long HeapBytes = 90_000_000;
    private const string Head = "large";

    /// <summary>
    /// As in a small container: without a limit the collector, and malloc for each thread, take what the machine has;
    /// and there is no room to hold thousands of messages.
    /// </summary>
    private static readonly Dictionary<string, string> Limits = new()
    {
        ["DOTNET_GCHeapHardLimit"] = $"0x{HeapBytes:x}",
        ["DOTNET_GCConserveMemory"] = "9",
        ["MALLOC_ARENA_MAX"] = "1",
        ["Ingestion:Prefetch"] = "1000",
        ["Ingestion:ChunkSize"] = "250",
    };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly VirtualHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    // Once, on one of the brokers: which one makes no difference here.
    [Fact(
        Skip = TestServers.RabbitMqMissing,
        SkipType = typeof(TestServers),
        SkipUnless = nameof(TestServers.HasRabbitMq))]
    public Task A_trace_larger_than_memory_is_judged_and_shown_in_pages() => JudgeAsync(TestStorage.File());

    [Fact(Skip = TestServers.MongoDbMissing, SkipType = typeof(TestServers), SkipUnless = nameof(TestServers.HasBoth))]
    public Task A_trace_larger_than_memory_is_judged_and_shown_in_pages_on_MongoDB() =>
        JudgeAsync(TestStorage.MongoDb());

    private async Task JudgeAsync(TestStorage storage)
    {
        await using var _ = storage;
        await using var broker = await _host.ConnectAsync();

        await using var worker = WorkerProcess.Run(storage, _host.Uri, Limits);
        await worker.UntilReadyAsync(broker);
        await using var store = await StoreReader.OpenAsync(storage);

        // An idle worker that has had work: its code is compiled, and its store has filled its caches.
        await broker.PublishAllAsync(Enumerable.Range(0, Before).Select(i => Tool($"before-{i}", parent: "")));
        await worker.UntilAsync(
            "it is idle again",
            async () => (await store.Logs.ReadAsync([$"before-{Before - 1}"], Cancellation)).Count == 1,
            Patience);
        var idle = worker.ResidentBytes;

        await broker.PublishAllAsync(Messages());
        await worker.UntilAsync(
            "the trace is judged, with every child",
            async () => await store.Runs.ReadAsync(Head, Cancellation) is { State: RunState.Judged },
            Patience);

        (worker.PeakResidentBytes - idle).ShouldBeLessThan(MostBytes, $"above the {idle:N0} of the idle worker");
        var verdicts = await store.Verdicts.ReadAsync([Head], Cancellation);
        verdicts.ShouldNotBeEmpty();
        verdicts.ShouldAllBe(verdict => verdict.Error == null);
        await ShownAsync(storage, verdicts.Count);
        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
    }

    /// <summary><c>worker trace --json</c> writes more than it may take, and all of it.</summary>
    private async Task ShownAsync(TestStorage storage, int verdicts)
    {
        var environment = WorkerProcess.Environment(storage, _host.Uri, Limits);
        using var process = Process.Start(Programs.Info(Programs.Dotnet, [Programs.Worker, "trace", Head, "--json"], environment))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var logs = await CountAsync(process.StandardOutput.BaseStream, "trace_children");
        await process.WaitForExitAsync(Cancellation);

        process.ExitCode.ShouldBe(0, await error);
        logs.ShouldBe(1 + Children + verdicts, "the Flow Log, its children, and the verdicts on it");
    }

    /// <summary>Reads JSON as it comes, or what there is of it; how often that name occurs in it.</summary>
    private static async Task<int> CountAsync(Stream json, string name)
    {
        var (buffer, filled, count, state) = (new byte[1 << 20], 0, 0, default(JsonReaderState));
        for (int read; (read = await json.ReadAsync(buffer.AsMemory(filled), Cancellation)) > 0;)
        {
            filled += read;
            var reader = new Utf8JsonReader(buffer.AsSpan(0, filled), isFinalBlock: false, state);
            while (reader.Read())
                count += reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name) ? 1 : 0;
            state = reader.CurrentState;
            buffer.AsSpan((int)reader.BytesConsumed, filled -= (int)reader.BytesConsumed).CopyTo(buffer);
        }

        return count;
    }

    private static IEnumerable<TestMessage> Messages()
    {
        yield return TestMessage.Of("flow.logged", $$"""{"log_id":"{{Head}}","path":"support/answer"}""");
        for (var i = 0; i < Children; i++)
            yield return Tool($"child-{i}", Head);
        yield return TestMessage.Of("flow.log.updated", $$"""{"log_id":"{{Head}}","output":"done","trace_status":"complete"}""");
    }

    private static TestMessage Tool(string id, string parent) =>
        TestMessage.Of("tool.logged", $$"""{"log_id":"{{id}}","path":"search","trace_parent_id":"{{parent}}","output":"{{new string('x', 4000)}}"}""");
}
