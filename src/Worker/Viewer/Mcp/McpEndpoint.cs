using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol.Server;
using Worker.Diagnostics;
using Worker.Front;
using Worker.Storage;

namespace Worker.Viewer.Mcp;

/// <summary>
/// What is stored, for programs that speak the Model Context Protocol: over HTTP, and without sessions, so that any
/// worker answers any request. It reads, and changes nothing.
/// </summary>
internal static class McpEndpoint
{
    private const string Path = "/mcp";

    private const string Instructions =
        "Traces of programs that call language models, and what Evaluators judged of them. Begin with list_traces; "
        + "get_trace shows what is in one, get_log a Log whole, explain why it was judged or was not, and "
        + "verdict_trends what was judged over a time. " + McpTools.Untrusted;

    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services
            .AddSingleton<ListTraces>()
            .AddSingleton<GetTrace>()
            .AddSingleton<GetLog>()
            .AddSingleton<Explain>()
            .AddSingleton<VerdictTrends>()
            .AddSingleton<McpTools>();

        // It would tell of each request.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.Warning));
        services
            .AddMcpServer(server =>
            {
                server.ServerInfo = new() { Name = "worker", Title = "Worker", Version = ThisWorker.Version };
                server.ServerInstructions = Instructions;
            })
            .WithHttpTransport(http =>
            {
                http.Stateless = true;
                http.ConfigureSessionOptions = Serve;
            });
        return services;
    }

    /// <summary>Asking with POST is looking, here.</summary>
    public static void MapMcp(this IEndpointRouteBuilder routes)
    {
        routes.MapMcp(Path).WithMetadata(new NeededRole(KeyRoles.Read), new SmallBody());
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Delete], WithoutSessionsAsync);
    }

    /// <summary>Every request is a session of its own, of whoever sent it.</summary>
    private static Task Serve(HttpContext context, McpServerOptions server, CancellationToken cancellationToken)
    {
        var tools = context.RequestServices.GetRequiredService<McpTools>();
        server.Handlers.ListToolsHandler = (_, _) => new(tools.List());
        server.Handlers.CallToolHandler = (request, token) => new(
            tools.CallAsync(request.Params!, Caller.Of(context), token));
        return Task.CompletedTask;
    }

    private static Task WithoutSessionsAsync(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return Answers.SentenceAsync(
            context.Response,
            StatusCodes.Status405MethodNotAllowed,
            "There are no sessions here, and nothing is sent unasked; POST each request");
    }

    /// <summary>A question and its arguments: they are read before there is room for them.</summary>
    private sealed class SmallBody : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 64 * 1024;
    }
}
