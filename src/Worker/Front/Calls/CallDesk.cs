using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Worker.Files;
using Worker.Ingestion;
using Worker.Models;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Front.Calls;

/// <summary>
/// Makes ready what is to be called, and keeps what came of it, as a Prompt Log like any other. Throws
/// <see cref="RefusedRequestException"/> before anything is sent to anybody.
/// </summary>
internal sealed class CallDesk(
    RequestReader requests,
    Reception reception,
    PromptFinder prompts,
    ModelSettings settings,
    TraceReader traces,
    RecentFiles recent,
    IOptions<FrontOptions> front,
    IOptions<IngestionOptions> ingestion,
    TimeProvider time)
{
    private readonly ProviderChoice _providers = new(settings);

    public async Task<OpenCall> OpenAsync(HttpContext context)
    {
        var (request, caller, aborted) = (context.Request, Caller.Of(context), context.RequestAborted);
        var (json, names) = await requests.JsonAsync(request, MessageKind.PromptLogged, aborted);
        var body = CallBody.Read(json);
        MustBeOffered(body);
        var prompt = await prompts.FindAsync(
            caller, body, Queries.Text(request, "version_id"), Queries.Text(request, "environment"), aborted);
        var (provider, isOwnKey) = _providers.Of(prompt.Details, body);
        var call = new ChatCall(provider, isOwnKey, ModelRequestBody.Of(prompt, body), front.Value.CallTimeout);
        var (logId, isNamed) = names.LogId ? (null, true) : requests.NewLogId(request, MessageKind.PromptLogged);
        var log = new CallLog(body, prompt, logId, time.GetUtcNow(), ingestion.Value.MaxMessageBytes);
        if (!log.HasRoom)
            throw new RefusedRequestException(StatusCodes.Status413PayloadTooLarge, RequestReader.TooLarge);
        var begun = await reception.CheckAsync(requests.Make(MessageKind.PromptLogged, log.Begun, isNamed), caller);
        if (prompt.Stored is null && begun.Resolution.Waits)
            throw new RefusedRequestException(
                StatusCodes.Status404NotFound,
                $"There is no Prompt {body.Text("id")}; name it by its path, and it is made");
        var traceId = await TraceIdAsync(begun.Log);
        return new(caller, body, call, log, begun, prompt.Stored ?? Brought(begun), traceId, isNamed);
    }

    /// <summary>Returns once it is durable. Whoever asked may be gone by then.</summary>
    /// <param name="began">By the clock's timestamp.</param>
    public async Task<CalledModel> KeepAsync(OpenCall open, long began, string? error, JsonNode? response)
    {
        var price = settings.Prices.GetValueOrDefault(open.Call.Model);
        var called = new CalledModel(open.Call, open.Reply, price)
        {
            Latency = time.GetElapsedTime(began),
            EndedAt = time.GetUtcNow(),
            Error = error is null ? null : open.Call.Provider.Hide(error),
            Response = HiddenKeys.In(open.Call.Provider, response),
        };
        if (open.IsWithheld)
            return called;
        await reception.TakeAsync(
            requests.Make(MessageKind.PromptLogged, open.Log.Ended(called), open.IsNamed), open.Caller);
        if (open.Begun.Resolution is { FileId: { } file, VersionId: { } version })
            recent.Add(file, version);
        return called;
    }

    private static void MustBeOffered(CallBody body)
    {
        if (body.Number("num_samples") is not (null or 1))
            throw new RefusedRequestException(new Invalid(
                ["body", "num_samples"],
                "One sample comes of a call; leave it out, and call again for another",
                "value_error"));
        if (body.Has("suffix"))
            throw new RefusedRequestException(new Invalid(
                ["body", "suffix"], "Chat completions have no suffix; leave it out", "value_error"));
    }

    /// <summary>What the request brings: a File that may not be stored yet, as answers about Logs show it.</summary>
    private FileView Brought(TakenLog begun)
    {
        var (now, id) = (time.GetUtcNow(), begun.Resolution.FileId ?? "");
        var file = begun.Files.Files.GetValueOrDefault(id) ?? new LoggedFile(id, LogKind.Prompt, begun.Path);
        var details = begun.Log[LogFields.Prompt] ?? VersionDetails.Empty;
        return new()
        {
            File = new(file, now),
            Version = new(new(begun.Resolution.VersionId ?? "", id, details), now),
            Deployments = [],
            Logs = 1,
            LastUsedAt = Timestamps.ToMicroseconds(now),
        };
    }

    /// <summary>Nothing depends on it: a store that does not answer is one that knows nothing.</summary>
    private async Task<string?> TraceIdAsync(Log log)
    {
        if (log.ParentId is not { } parent)
            return null;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            return await traces.TraceIdAsync(parent, patience.Token);
        }
        catch (Exception fault) when (StoredLogs.IsFault(fault))
        {
            return null;
        }
    }
}
