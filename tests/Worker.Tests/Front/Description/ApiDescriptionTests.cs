using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi.Reader;
using Worker.Front.Description;
using Worker.Ingestion;
using Worker.Tests.Deployment;
using Worker.Traces;

namespace Worker.Tests.Front.Description;

public sealed partial class ApiDescriptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_has_an_operation_and_every_operation_a_route()
    {
        await using var world = await FrontWorld.StartAsync();
        var document = await DocumentAsync(world);

        var described = from path in document["paths"]!.AsObject()
                        from operation in path.Value!.AsObject()
                        select $"{operation.Key.ToUpperInvariant()} {path.Key}";
        var told = LogOperations.All().Concat(FileOperations.All()).Concat(DirectoryOperations.All())
            .Concat(SpanOperations.All()).Concat(CallOperations.All()).Select(each => each.Route);

        described.Order(StringComparer.Ordinal).ShouldBe(ApiRoute.Of(world.Endpoints).Select(route => route.Name).Order(StringComparer.Ordinal));
        told.Order(StringComparer.Ordinal).ShouldBe(described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_but_the_page_the_health_and_what_answers_where_nothing_is_stands_outside()
    {
        await using var world = await FrontWorld.StartAsync();

        var outside = world.Endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null || route.Metadata.GetMetadata<IHttpMethodMetadata>() is null)
            .Select(route => route.RoutePattern.RawText!).ToList();

        outside.ShouldContain("{**path}");
        outside.Where(route => route != "{**path}").ShouldAllBe(
            route => route.StartsWith("/docs", StringComparison.Ordinal) || route.StartsWith("/health/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_OpenAPI_as_others_read_it()
    {
        await using var world = await FrontWorld.StartAsync();
        using var json = new MemoryStream(Encoding.UTF8.GetBytes((await DocumentAsync(world)).ToJsonString()));

        var read = await new OpenApiJsonReader().ReadAsync(json, new Uri("https://worker.example/openapi.json"), new(), Token);

        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Diagnostic.Warnings.ShouldBeEmpty();
        var ids = read.Document!.Paths.SelectMany(path => path.Value.Operations!.Values).Select(operation => operation.OperationId).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        var used = read.Document.Paths.SelectMany(path => path.Value.Operations!.Values).SelectMany(operation => operation.Tags!).Select(tag => tag.Name);
        used.Distinct().ShouldBe(read.Document.Tags!.Select(tag => tag.Name), ignoreOrder: true);
    }

    /// <summary>What the code looks for behind the question mark is described, and nothing else is.</summary>
    [Fact]
    public async Task The_query_is_described_as_the_code_reads_it()
    {
        await using var world = await FrontWorld.StartAsync();
        var document = await DocumentAsync(world);

        var read = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Worker", "Front"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Asked().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).Distinct();
        var described = from path in document["paths"]!.AsObject()
                        from operation in path.Value!.AsObject()
                        from parameter in operation.Value!["parameters"]?.AsArray() ?? []
                        where (string)parameter!["in"]! == "query"
                        select (string)parameter!["name"]!;

        described.Distinct().Order(StringComparer.Ordinal).ShouldBe(read.Order(StringComparer.Ordinal));
    }

    /// <summary>Each field of a message is in the body that becomes that message, with words of its own.</summary>
    [Fact]
    public void A_body_has_the_fields_of_its_message()
    {
        foreach (var kind in new[]
        {
            MessageKind.ToolLogged, MessageKind.PromptLogged, MessageKind.FlowLogged, MessageKind.EvaluatorLogged,
            MessageKind.ToolLogUpdated, MessageKind.PromptLogUpdated, MessageKind.FlowLogUpdated,
        })
        {
            var fields = FieldSchemas.Body(kind)["properties"]!.AsObject();
            foreach (var field in LogFields.All.Where(field => kind.Carries(field)))
                ((string)fields[field.Name]!["description"]!).ShouldNotBeEmpty();
            fields.Where(field => LogFields.Find(field.Key) is null).Select(field => field.Key)
                .ShouldBeSubsetOf(["log_id", "save", "sent_at", "batch_id", "trace_status"]);
        }
    }

    [Fact]
    public async Task What_does_not_fit_is_found()
    {
        await using var world = await FrontWorld.StartAsync();
        var contract = await DescribedExchanges.ContractAsync(world.Client.BaseAddress!, Token);
        var taken = JsonNode.Parse("""{"id":"t","tool_id":"tl_1","version_id":""}""")!;
        var exchange = new Exchange("POST", "/v5/tools/log", [], null, 200, [], "application/json", taken);
        contract.AnswerFaults(exchange).ShouldBeEmpty();
        contract.RequestFaults(exchange with { Body = JsonNode.Parse("""{"output":1,"start_time":2,"whatever":3}""") }).ShouldBeEmpty();

        foreach (var odd in new[]
        {
            exchange with { Status = 418 }, exchange with { AnswerType = "text/html" }, exchange with { Headers = ["Retry-After"] },
            exchange with { Answer = JsonNode.Parse("""{"id":"t","tool_id":"tl_1"}""") },
            exchange with { Answer = JsonNode.Parse("""{"id":"t","tool_id":1,"version_id":""}""") },
            exchange with { Answer = JsonNode.Parse("""{"id":"t","tool_id":"tl_1","version_id":"","more":1}""") },
            exchange with { Path = "/v5/nothing" },
        })
            contract.AnswerFaults(odd).ShouldNotBeEmpty(odd.ToString());
        foreach (var odd in new[] { exchange with { Query = ["more"] }, exchange with { Body = JsonNode.Parse("""{"inputs":[]}""") } })
            contract.RequestFaults(odd).ShouldNotBeEmpty(odd.ToString());
    }

    private static async Task<JsonObject> DocumentAsync(FrontWorld world) =>
        (await world.GetAsync(DescriptionEndpoints.Path)).Json!.AsObject();

    [GeneratedRegex(""""(?:(?:Text|Texts|Required|Flag|AnyFlag|Date|Number|Choice|Query)\((?:context\.R|r)equest, |\.Query\[)"(?<name>\w+)"""")]
    private static partial Regex Asked();
}
