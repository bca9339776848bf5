using System.CommandLine;
using System.Globalization;
using Worker.Benchmarks;
using Worker.Benchmarks.Soak;
using Worker.Hosting;

SharedBuffers.Widen();

if (args is [WorkerChild.Command, var messages, var judged])
    return await WorkerChild.HostAsync(
        int.Parse(messages, CultureInfo.InvariantCulture), int.Parse(judged, CultureInfo.InvariantCulture));

if (args is [FrontChild.Command])
    return await FrontChild.HostAsync();

if (args is [ClientChild.Command, var where, var logged])
    return await ClientChild.HostAsync(where, logged);

var json = new Option<bool>("--json") { Description = "Print the figures as JSON.", Recursive = true };
var root = new RootCommand("Measures the worker against what the broker and the disk allow. Exit code 1: a figure missed its bound.") { json };

var store = new Option<StoreKind>("--store") { Description = "Where the Logs go.", DefaultValueFactory = _ => StoreKind.Sqlite };
var drained = Count("--messages", 1_000_000, "Messages queued. With few, what is still compiled meanwhile weighs in.");
var bytes = Count("--payload", Payload.Bytes, "Bytes of each message.");
Add("drain", "A full queue becomes durable Logs.", [drained, bytes, store], (result, token) =>
    DrainBenchmark.RunAsync(
        result.GetValue(store), result.GetValue(drained), result.GetValue(bytes), result.GetValue(json), token));

var traces = Count("--traces", 5_000, "Completed traces queued.");
var rules = Count("--evaluators", 0, "Rule Evaluators on every trace, in place of the five that are shipped; 0 leaves those.");
Add("judge", "Completed traces become verdicts.", [traces, rules, store], (result, token) =>
    JudgeBenchmark.RunAsync(
        result.GetValue(store), result.GetValue(traces), result.GetValue(rules), result.GetValue(json), token));

var judges = Count("--evaluators", 100, "Evaluators that ask a model, on every trace.");
Add("llm", "Ingestion while Evaluators wait for a model.", [traces, judges, store], (result, token) =>
    LlmBenchmark.RunAsync(
        result.GetValue(store), result.GetValue(judges), result.GetValue(traces), result.GetValue(json), token));

Add("telemetry", "Ingestion and judging while traces, metrics and logs are sent over OTLP.", [traces, store], (result, token) =>
    TelemetryBenchmark.RunAsync(result.GetValue(store), result.GetValue(traces), result.GetValue(json), token));

var rate = Count("--rate", 100, "Traces a second.");
var seconds = Count("--seconds", 20, "How long.");
Add("latency", "From a trace's completion to its verdicts.", [rate, seconds], (result, token) =>
    LatencyBenchmark.RunAsync(result.GetValue(rate), result.GetValue(seconds), result.GetValue(json), token));

var few = Count("--few", 10_000, "Logs in the small store.");
var many = Count("--many", 1_000_000, "Logs in the large store.");
var measured = Count("--messages", 100_000, "Messages drained into each.");
Add("growth", "A store of a million Logs against a small one.", [few, many, measured, store], (result, token) =>
    GrowthBenchmark.RunAsync(
        result.GetValue(store),
        result.GetValue(few),
        result.GetValue(many),
        result.GetValue(measured),
        result.GetValue(json),
        token));

var children = Count("--children", 300_000, "Logs of the large trace.");
var megabytes = Count("--memory", 1000, "Megabytes that the worker may take.");
Add("big-trace", "One trace larger than the worker's memory.", [children, megabytes, store], (result, token) =>
    BigTraceBenchmark.RunAsync(
        result.GetValue(store), result.GetValue(children), result.GetValue(megabytes), result.GetValue(json), token));

var connections = Count("--connections", 64, "Clients, each with one request at a time.");
var minutes = Count("--seconds", 30, "How long.");
var spans = new Option<bool>("--spans") { Description = "Spans in batches of 100, by OTLP in JSON, in place of Logs." };
Add("front", "Logs by HTTP become messages that the broker has confirmed.", [connections, minutes, spans], (result, token) =>
    FrontBenchmark.RunAsync(result.GetValue(connections), result.GetValue(minutes), result.GetValue(spans), result.GetValue(json), token));

var made = Count("--calls", 300_000, "Calls made.");
Add("client", "Calls through Worker.Client, from the call to the broker's confirm.", [made], (result, token) =>
    ClientBenchmark.RunAsync(result.GetValue(made), result.GetValue(json), token));

var logs = Count("--logs", 100_000, "Logs written to each store.");
Add("store", "What the stores make of the rate of their engines.", [logs], (result, token) =>
    StoreBenchmark.RunAsync(result.GetValue(logs), result.GetValue(json), token));

var calls = Count("--calls", 1_000, "Calls made.");
Add("python", "What a call of a python Evaluator costs.", [calls], (result, token) =>
    CodeBenchmark.PythonAsync(result.GetValue(calls), result.GetValue(json), token));
Add("javascript", "What a call of a javascript Evaluator costs.", [calls], (result, token) =>
    CodeBenchmark.JavaScriptAsync(result.GetValue(calls), result.GetValue(json), token));

var rounds = Count("--rounds", 20_000, "How often each body is masked.");
Add("masking", "What masking costs a message of 20 KB.", [rounds], (result, _) =>
    Task.FromResult(MaskingBenchmark.Run(result.GetValue(rounds), result.GetValue(json))));

var soaked = new Option<double>("--minutes") { Description = "How long; may be a fraction.", DefaultValueFactory = _ => 2 };
var seed = new Option<int?>("--seed") { Description = "Makes the same messages and faults again; else one is drawn, and stated." };
var pace = Count("--rate", 200, "Messages a second.");
var restarts = new Option<bool>("--restart") { Description = "Restart the servers, which are those of eng/servers.sh, in place of cutting them off at a relay." };
Add("soak", "Mixed load, while workers are killed and servers go away: all is accounted for, memory and handles are flat.", [soaked, seed, pace, restarts, store], (result, token) =>
    SoakBenchmark.RunAsync(
        new(result.GetValue(store), TimeSpan.FromMinutes(result.GetValue(soaked)), result.GetValue(seed) ?? Random.Shared.Next(), result.GetValue(pace), result.GetValue(restarts)),
        result.GetValue(json),
        token));

return await root.Parse(args).InvokeAsync();

static Option<int> Count(string name, int value, string description) => new(name) { Description = description, DefaultValueFactory = _ => value };

void Add(string name, string description, Option[] options, Func<ParseResult, CancellationToken, Task<int>> run)
{
    var command = new Command(name, description);
    foreach (var option in options)
        command.Add(option);
    command.SetAction(async (result, token) =>
    {
        if (Broker.Uri is null && name is not ("store" or "python" or "javascript" or "masking"))
        {
            Console.Error.WriteLine("No RabbitMQ to measure with: run eng/servers.sh start and eval \"$(eng/servers.sh env)\", or set WORKER_TEST_RABBITMQ.");
            return 3;
        }

        if (TemporaryStore.MongoDb is null && (name == "store" || result.GetValue(store) == StoreKind.Mongo))
        {
            Console.Error.WriteLine("No MongoDB to measure with: run eng/servers.sh start and eval \"$(eng/servers.sh env)\", or set WORKER_TEST_MONGODB.");
            return 3;
        }

        return await run(result, token);
    });
    root.Add(command);
}
