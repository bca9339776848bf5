using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Audit;
using Worker.Files;
using Worker.Ingestion;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>Evaluators are attached to Files, and taken from them.</summary>
internal static class MonitoringEndpoints
{
    private const int MaxAtOnce = 100;

    public static void MapMonitoring(this IEndpointRouteBuilder routes)
    {
        foreach (var kind in Enum.GetValues<LogKind>())
            routes.MapPost($"/v5/{kind.WireName()}s/{{id}}/evaluators", context => AttachAsync(context, kind));
    }

    private static async Task AttachAsync(HttpContext context, LogKind kind)
    {
        var services = context.RequestServices;
        using var room = await services.GetRequiredService<Room>().TakeAsync(
            services.GetRequiredService<RequestReader>().BytesOf(context.Request), context.RequestAborted);
        var view = await services.GetRequiredService<StoredFiles>().FindAsync(
            Caller.Of(context), kind, RawPath.Segment(context, 2), null, null, context.RequestAborted);
        var fileId = view.File.File.Id;
        using var body = await BodyAsync(context);
        var changes = new List<Monitoring>();
        foreach (var (name, isActive) in new[] { ("activate", true), ("deactivate", false) })
        {
            foreach (var item in Items(body.RootElement, name))
                changes.Add(await ReferenceAsync(context, name, item) with { FileId = fileId, IsActive = isActive });
        }

        if (changes.Count is 0 or > MaxAtOnce)
            throw new RefusedRequestException(new Invalid(
                ["body"],
                $"activate or deactivate has to name an Evaluator, and both together no more than {MaxAtOnce}",
                "value_error"));
        var request = services.GetRequiredService<FileRequests>().Monitor(fileId, changes);
        await context.RecordAsync(AuditAct.EvaluatorsAttached, RecordOf(fileId, changes), () =>
            services.GetRequiredService<Reception>().SendAsync(request.Message, "sent again, it changes nothing"));
        var answer = await services.GetRequiredService<FileReader>().WithAsync(
            view, request.Said.Monitorings, context.RequestAborted);
        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        new FileViewJson(writer).Write(answer);
    }

    private static ActRecord RecordOf(string fileId, List<Monitoring> changes)
    {
        var record = new ActRecord();
        record.Add(fileId);
        record.AddRange(changes.Select(change => change.EvaluatorId));
        record.Count("attached", changes.Count(change => change.IsActive));
        record.Count("detached", changes.Count(change => !change.IsActive));
        return record;
    }

    /// <summary>By Version, or by Evaluator and Environment; it has to be one that a worker can run.</summary>
    private static async Task<Monitoring> ReferenceAsync(HttpContext context, string name, JsonElement item)
    {
        var reader = context.RequestServices.GetRequiredService<FileReader>();
        var (versionId, evaluatorId, environment) = (
            Text(item, "evaluator_version_id"), Text(item, "evaluator_id"), Text(item, "environment_id"));
        if (versionId is null && (evaluatorId is null || environment is null))
            throw new RefusedRequestException(Invalid.Missing("body", $"{name}.evaluator_version_id"));
        var evaluator = versionId is not null
            ? await reader.OfVersionAsync(versionId, context.RequestAborted)
            : await reader.ReadAsync(evaluatorId!, null, null, context.RequestAborted);
        if (evaluator is not { File.File.Kind: LogKind.Evaluator })
            throw new RefusedRequestException(
                StatusCodes.Status404NotFound,
                $"There is no Evaluator {(versionId is null ? evaluatorId : $"Version {versionId}")}; "
                + "those that a worker runs are files in config/evaluators, and known once it has started");
        if (!IsRun(evaluator.Version?.Version))
            throw new RefusedRequestException(
                StatusCodes.Status409Conflict,
                $"The Evaluator {evaluator.File.File.Path} runs nothing here; "
                + "post its verdicts instead of attaching it");
        return new("", evaluator.File.File.Id, versionId, versionId is null ? environment : null, IsActive: true);
    }

    /// <summary>
    /// Those of the worker's own files say their kind; those that were saved by HTTP are judged elsewhere.
    /// </summary>
    private static bool IsRun(FileVersion? version)
    {
        if (version is null)
            return false;
        using var spec = JsonDocument.Parse(version.Details.Utf8, new() { MaxDepth = 1000 });
        return spec.RootElement.ValueKind == JsonValueKind.Object && spec.RootElement.TryGetProperty("kind", out _)
            && !spec.RootElement.TryGetProperty("evaluator_type", out _);
    }

    private static async Task<JsonDocument> BodyAsync(HttpContext context)
    {
        try
        {
            return await JsonDocument.ParseAsync(
                context.Request.Body, new() { MaxDepth = JsonBody.MaxDepth }, context.RequestAborted);
        }
        catch (JsonException exception)
        {
            throw new RefusedRequestException(
                new Invalid(["body"], $"The body is no JSON: {exception.Message}", "value_error.jsondecode"));
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new RefusedRequestException(
                new Invalid(["body"], "The body has to be one JSON object", "type_error.dict"));
        if (!body.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            return default;
        return list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? list.EnumerateArray()
            : throw new RefusedRequestException(
                new Invalid(["body", name], $"{name} has to be a list of objects", "type_error.list"));
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;
}
