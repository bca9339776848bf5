using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Traces;

namespace Worker.Front;

/// <summary>What the service had and the front has not: each says what to do instead.</summary>
internal static class NotOffered
{
    private const int Gone = StatusCodes.Status410Gone;
    private const int Missing = StatusCodes.Status501NotImplemented;

    private static readonly (string Path, int Status, string Sentence)[] Known =
    [
        ("/v4", Gone, "The API of version 4 is gone; log to /v5/tools/log, /v5/prompts/log and /v5/flows/log"),
        ("/v5/sessions", Gone,
            "Sessions are gone, as they were from the service; log a flow, and name it by trace_parent_id"),
        ("/v5/evaluators", Missing,
            "Evaluators that judge here are files in config/evaluators, with what they are attached to; " +
            "verdicts of others are logged to /v5/evaluators/log"),
        ("/v5/agents", Missing, "Agents are not offered; log an agent's run to /v5/flows/log, and its calls under it"),
        ("/v5/datasets", Missing,
            "Datasets are not offered; keep them where you have them, and log what is run over them"),
        ("/v5/evaluations", Missing,
            "Evaluations over Datasets are not offered; Evaluators in config/evaluators judge what is logged"),
        ("/v1/metrics", Missing, "Metrics are not taken; set OTEL_METRICS_EXPORTER=none"),
        ("/v1/logs", Missing, "OpenTelemetry's logs are not taken, its traces are; set OTEL_LOGS_EXPORTER=none"),
        ("/v5/import", Missing, "Of OpenTelemetry's signals traces alone are taken, at /v5/import/otel/v1/traces"),
        ("/v5/prompts", Missing,
            "That cannot be done with a Prompt here; save it at /v5/prompts, call it at /v5/prompts/call, " +
            "or log to /v5/prompts/log"),
        ("/v5/tools", Missing,
            "Tools are kept, and not called here; call the Tool yourself, and log it to /v5/tools/log"),
        ("/v5/flows", Missing, "That cannot be done with a Flow here; save it at /v5/flows, or log to /v5/flows/log"),
        ("/v5/files", Missing,
            "That cannot be done with Files here; list them at /v5/files, " +
            "and save each at the endpoint of its kind"),
        ("/v5/directories", Missing,
            "Directories are part of Files' paths, and not made by themselves; " +
            "log to a path, and read /v5/directories/root"),
    ];

    private const string Moved =
        "A File is not moved: its id is made of its path, by which programs log to it; "
        + "save its Versions at the other path, and log to that";

    /// <summary>Where nothing else is mapped.</summary>
    public static void MapNotOffered(this IEndpointRouteBuilder routes) => routes.MapFallback("{**path}", AnswerAsync);

    public static Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (HttpMethods.IsPatch(context.Request.Method) && IsFile(path))
            return Answers.SentenceAsync(context.Response, Missing, Moved);
        foreach (var (start, status, sentence) in Known)
        {
            if (path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase))
                return Answers.SentenceAsync(context.Response, status, sentence);
        }

        return Answers.SentenceAsync(
            context.Response,
            StatusCodes.Status404NotFound,
            $"There is nothing at {context.Request.Method} {path}; "
            + "log to /v5/tools/log, /v5/prompts/log or /v5/flows/log, or export spans to /v1/traces");
    }

    /// <summary>Such as <c>/v5/tools/{id}</c>.</summary>
    private static bool IsFile(PathString path) =>
        path.Value!.Split('/') is ["", "v5", var files, { Length: > 0 }]
        && Enum.GetValues<LogKind>().Any(
            kind => files.Equals($"{kind.WireName()}s", StringComparison.OrdinalIgnoreCase));
}
