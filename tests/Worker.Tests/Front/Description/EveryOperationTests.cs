using System.Text;
using Worker.Storage;
using Worker.Tests.Evaluation.Models;
using Worker.Traces;

namespace Worker.Tests.Front.Description;

/// <summary>
/// Each operation is asked for as it is described, and answers as it is described: with success, but for one that never
/// has any. The exchanges are held to the description where they are sent.
/// </summary>
public sealed class EveryOperationTests
{
    private const string Span =
        """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"chat","kind":3,"startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_asked_for_and_answers_as_described()
    {
        await using var model = await FakeModelServer.StartAsync(FakeModelServer.Says("yes"));
        await using var world = await FrontWorld.StartAsync(("Evaluation:Models:Providers:default:BaseUrl", model.Url));
        world.Exchanges.HoldsRequests = true;
        await world.GetAsync("/openapi.json");
        await LogsAsync(world);
        foreach (var (kind, body) in new[]
        {
            ("tool", """{"path":"a/tool","function":{"name":"f","description":"d"},"version_name":"one"}"""),
            ("prompt", """{"path":"a/prompt","model":"m","template":"{{who}}","temperature":0.5}"""),
            ("flow", """{"path":"a/flow","attributes":{"version":1}}"""),
            ("evaluator", """{"path":"a/evaluator","spec":{"evaluator_type":"human","arguments_type":"target_free","return_type":"text"}}"""),
        })
            await FilesAsync(world, $"/v5/{kind}s", body);
        await world.GetAsync("/v5/files?type=tool&type=prompt&path=a&environment=staging&include_raw_file_content=true&template=false");
        foreach (var path in new[]
        {
            "directories/structure", "directories/root", "evaluations", "evaluations/e/logs", "evaluations/e/datapoints",
            "evaluations/e/runs", "datasets/d/versions", "datasets/d/datapoints",
        })
            await world.GetAsync($"/v5/{path}");
        await world.PostAsync("/v5/prompts/call?environment=production", """{"path":"a/prompt","inputs":{"who":"x"},"messages":[],"provider_api_keys":{"openai":"k"},"num_samples":1,"stream":false,"save":true}""");
        await world.PostAsync("/v5/prompts/call", """{"path":"a/prompt","inputs":{"who":"x"},"provider_api_keys":{"openai":"k"},"num_samples":1,"stream":false,"save":true,"start_time":1}""");
        await world.PostAsync("/v5/files/retrieve-by-path?include_raw_file_content=true", """{"path":"a/prompt"}""");

        var contract = await DescribedExchanges.ContractAsync(world.Client.BaseAddress!, Token);

        contract.Operations.Except(world.Exchanges.Served.Keys).Order(StringComparer.Ordinal).ShouldBe(
            ["DELETE /v5/evaluators/{id}", "DELETE /v5/flows/{id}", "DELETE /v5/prompts/{id}", "DELETE /v5/tools/{id}"]);
    }

    private static async Task LogsAsync(FrontWorld world)
    {
        await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"a/flow","flow":{"attributes":{"version":1}},"inputs":{"q":1},"trace_status":"incomplete"}""");
        await world.PostAsync("/v5/prompts/log?environment=staging", """{"log_id":"p","path":"a/prompt","prompt":{"model":"m"},"messages":[{"role":"user"}],"prompt_tokens":3,"output_cost":0.5,"tool_choice":"auto","trace_parent_id":"f"}""");
        await world.PostAsync("/v5/tools/log?version_id=tlv_1", """{"log_id":"t","path":"a/tool","tool":{"function":{"name":"f"}},"start_time":1,"output":{"a":1},"save":true,"batch_id":"b","log_status":"complete","trace_parent_id":"p"}""");
        await world.PostAsync("/v5/evaluators/log", """{"log_id":"e","parent_id":"f","path":"a/evaluator","judgment":["a"],"marked_completed":true,"spec":{"return_type":"multi_select"}}""");
        await world.DrainAsync();
        await world.PatchAsync("/v5/flows/logs/f", """{"output":"done","trace_status":"complete"}""");
        await world.PatchAsync("/v5/prompts/x/log/p", """{"finish_reason":"stop","output_message":{"role":"assistant"}}""");
        await world.PatchAsync("/v5/tools/x/log/t", """{"error":null,"stdout":"s"}""");
        await world.DrainAsync();
        foreach (var id in new[] { "f", "p", "t", "e" })
            await world.GetAsync($"/v5/logs/{id}?revisions=all");
        await world.GetAsync($"/v5/logs?file_id={DerivedIds.File(LogKind.Flow, "a/flow")}&page=1&size=5&include_trace_children=true&search=x&in_trace_filter=true&id=f&sample=3&start_date=2020-01-01");
        foreach (var path in new[] { "/v1/traces", "/v5/import/otel/v1/traces" })
            await world.PostAsync(path, Span);
        await world.SendAsync(HttpMethod.Delete, "/v5/logs?id=t&id=e");
        await world.DrainAsync();
    }

    private static async Task FilesAsync(FrontWorld world, string root, string body)
    {
        var saved = (await world.PostAsync(root, body)).Json!;
        await world.DrainAsync();
        var file = $"{root}/{saved["id"]}";
        await world.GetAsync($"{root}?page=1&size=10&name=a&sort_by=name&order=asc");
        await world.PostAsync($"{file}/environments/staging?version_id={saved["version_id"]}", "");
        await world.DrainAsync();
        await world.GetAsync($"{file}?environment=staging&include_raw_file_content=true");
        await world.GetAsync($"{file}/versions");
        await world.GetAsync($"{file}/environments");
        await MonitoredAsync(world, file);
        await world.SendAsync(HttpMethod.Delete, $"{file}/environments/staging");
        await world.SendAsync(HttpMethod.Delete, file);
        await world.DrainAsync();
        await world.GetAsync(file);
    }

    private static async Task MonitoredAsync(FrontWorld world, string file)
    {
        await ((IFileStore)world.Store).AddAsync(
            [new("ev_rules", LogKind.Evaluator, "rules")],
            [new("evv_rules", "ev_rules", new JsonValue(Encoding.UTF8.GetBytes("""{"kind":"rules","return_type":"boolean"}""")))],
            Token);
        await world.PostAsync($"{file}/evaluators", """{"activate":[{"evaluator_version_id":"evv_rules"}]}""");
        await world.PostAsync($"{file}/evaluators", """{"deactivate":[{"evaluator_id":"ev_rules","environment_id":"production"}]}""");
        await world.DrainAsync();
    }
}
