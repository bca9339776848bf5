using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Worker.IntegrationTests.Support;
using Worker.Traces;

namespace Worker.IntegrationTests.Front.Otlp;

/// <summary>Programs that know nothing but OpenTelemetry, against the worker as it is run.</summary>
public sealed class ExporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_NET_program_exports_is_a_judged_trace()
    {
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null);
        using var source = new ActivitySource("exporter-tests");

        string head;
        using (var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .ConfigureResource(resource => resource.AddService("shop"))
            .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(front.Address, "/v1/traces")))
            .Build())
        {
            head = Answer(source);
        }

        TraceFits(await front.JudgedAsync(head));
    }

    [Fact]
    public async Task What_a_NET_program_exports_with_one_line_for_all_its_signals_is_a_judged_trace()
    {
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null);
        using var source = new ActivitySource("exporter-tests-of-all");
        var services = new ServiceCollection();
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("shop"))
            .WithTracing(tracing => tracing.AddSource(source.Name))
            .UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, new Uri(front.Address, "/"));

        string head;
        await using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<TracerProvider>();
            head = Answer(source);
        }

        TraceFits(await front.JudgedAsync(head));
    }

    [Theory]
    [InlineData("http/json", "none", "/v5/import/otel")]
    [InlineData("http/json", "gzip", "/")]
    [InlineData("http/protobuf", "none", "/")]
    [InlineData("http/protobuf", "gzip", "/v5/import/otel")]
    public async Task What_a_JavaScript_program_exports_by_its_environment_alone_is_a_judged_trace(
        string protocol, string compression, string endpoint)
    {
        var node = await NodeAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null);

        var spans = JsonNode.Parse(await RunAsync(node, "exporter.mjs", front, endpoint, protocol, compression))!;

        TraceFits(await front.JudgedAsync(DerivedIds.LogOfSpan((string)spans[0]!["traceId"]!, (string)spans[0]!["spanId"]!)));
    }

    [RabbitMqFact]
    public async Task Through_RabbitMQ_it_is_the_same()
    {
        var node = await NodeAsync();
        await using var host = await VirtualHost.CreateAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, host.Uri);

        var spans = JsonNode.Parse(await RunAsync(node, "exporter.mjs", front, "/", "http/protobuf", "gzip"))!;

        TraceFits(await front.JudgedAsync(DerivedIds.LogOfSpan((string)spans[0]!["traceId"]!, (string)spans[0]!["spanId"]!)));
    }

    [Fact]
    public async Task What_the_AI_SDK_records_is_under_the_Flow_Log_that_its_program_named()
    {
        var node = await NodeAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null);
        await front.PostAsync("/flows/log", """{"log_id":"f-1","path":"support/conversation"}""");

        await RunAsync(node, "vercel.mjs", front, "/v5/import/otel", "http/json", "none");

        var head = await Eventually.FindAsync("everything that was recorded", async () =>
            (await front.SendAsync(HttpMethod.Get, "/logs/f-1")).Json is { } log && All(log).Count() == 5 ? log : null);
        var flow = head["trace_children"]![0]!;
        ((string)flow["flow"]!["path"]!).ShouldBe("support/answer");
        ((string)flow["output"]!).ShouldBe("It is on its way.");
        ((string)flow["trace_status"]!).ShouldBe("complete");
        var children = flow["trace_children"]!.AsArray();
        var prompts = children.Where(child => child!["prompt"] is not null).ToList();
        prompts.Count.ShouldBe(2);
        prompts.ShouldAllBe(prompt => (string)prompt!["prompt"]!["path"]! == "support/write" && (int)prompt["prompt_tokens"]! == 7);
        prompts.ShouldContain(prompt => (string)prompt!["finish_reason"]! == "tool-calls");
        var tool = children.Single(child => child!["tool"] is not null)!;
        ((int)tool["inputs"]!["order"]!, (string)tool["output"]!).ShouldBe((17, "shipped"));
    }

    private static string Answer(ActivitySource source)
    {
        using var answer = source.StartActivity("answer")!;
        answer.SetTag("input.value", """{"question":"Where?"}""").SetTag("output.value", "It is on its way.");
        using var chat = source.StartActivity("chat some-model")!;
        chat.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "some-model").SetTag("gen_ai.usage.input_tokens", 7);
        using var tool = source.StartActivity("execute_tool find")!;
        tool.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", "find");
        tool.AddException(new InvalidOperationException("no such order")).SetStatus(ActivityStatusCode.Error);
        return DerivedIds.LogOfSpan(answer.TraceId.ToHexString(), answer.SpanId.ToHexString());
    }

    private static void TraceFits(JsonNode head)
    {
        ((string)head["flow"]!["path"]!).ShouldBe("shop/answer");
        ((string)head["trace_status"]!).ShouldBe("complete");
        ((string)head["output"]!).ShouldBe("It is on its way.");
        ((string)head["inputs"]!["question"]!).ShouldBe("Where?");
        var chat = head["trace_children"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)chat["prompt"]!["path"]!).ShouldBe("shop/chat some-model");
        ((int)chat["prompt_tokens"]!).ShouldBe(7);
        var tool = chat["trace_children"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)tool["tool"]!["path"]!).ShouldBe("shop/find");
        ((string)tool["error"]!).ShouldContain("no such order");
        ((string)tool["trace_id"]!).ShouldBe((string)head["id"]!);
        head["evaluator_logs"]!.AsArray()
            .Single(verdict => (string)verdict!["evaluator"]!["path"]! == "monitoring/no-tool-failed")!["judgment"]!
            .GetValue<bool>().ShouldBeFalse();
    }

    private static IEnumerable<JsonNode> All(JsonNode log) =>
        (log["trace_children"]?.AsArray() ?? []).SelectMany(child => All(child!)).Prepend(log);

    private static async Task<string> RunAsync(
        string node, string program, FrontProcess front, string endpoint, string protocol, string compression)
    {
        var result = await Programs.RunAsync(node, [Programs.Source("Front", "Otlp", program)], new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = new Uri(front.Address, endpoint).ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_EXPORTER_OTLP_COMPRESSION"] = compression,
            ["OTEL_SERVICE_NAME"] = "shop",
            ["OTEL_TRACES_EXPORTER"] = "otlp",
            ["OTEL_METRICS_EXPORTER"] = "none",
            ["OTEL_LOGS_EXPORTER"] = "none",
        });
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }

    private static async Task<string> NodeAsync()
    {
        var node = await Programs.FindAsync(["node"], "-e", $"""
            for (const name of ["@opentelemetry/sdk-node", "ai"]) require.resolve(name, {JsonPaths()})
            """);
        Assert.SkipWhen(
            node is null,
            "Needs node with OpenTelemetry and the AI SDK: ./test.sh installs them, else npm install --prefix tests/Worker.IntegrationTests/Front/Otlp.");
        return node!;
    }

    private static string JsonPaths() => new JsonObject { ["paths"] = new JsonArray(Programs.Source("Front", "Otlp")) }.ToJsonString();
}
