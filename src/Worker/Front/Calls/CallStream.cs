using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Worker.Models;
using Worker.Publishing;

namespace Worker.Front.Calls;

/// <summary>
/// A Prompt that is called and answered as it speaks, by server-sent events. Whatever ends it, the Log says what was
/// said until then.
/// </summary>
internal sealed class CallStream(HttpContext context, OpenCall open)
{
    public const string Type = "text/event-stream";

    private readonly CallDesk _desk = context.RequestServices.GetRequiredService<CallDesk>();
    private readonly TimeProvider _time = context.RequestServices.GetRequiredService<TimeProvider>();
    private readonly HiddenKeyStream _hidden = new(open.Call.Provider);

    /// <summary>Throws what went wrong as long as nothing is answered; then the stream says it.</summary>
    public async Task RunAsync()
    {
        var began = _time.GetTimestamp();
        string? error = null;
        try
        {
            await context.RequestServices.GetRequiredService<ChatCompletions>().StreamAsync(
                open.Call, open.Reply, SayAsync, context.RequestAborted);
        }
        catch (Exception fault) when (CallEndpoints.ErrorOf(context, fault) is { } said)
        {
            error = said;
            if (!context.Response.HasStarted)
            {
                await _desk.KeepAsync(open, began, error, response: null);
                throw;
            }
        }

        await EndAsync(began, error);
    }

    private Task SayAsync(string piece)
    {
        var shown = _hidden.Add(piece);
        Begin();
        return shown.Length == 0
            ? context.Response.Body.FlushAsync(context.RequestAborted)
            : WriteAsync(new() { ["output"] = shown });
    }

    private void Begin()
    {
        if (context.Response.HasStarted)
            return;
        context.Response.ContentType = Type;
        context.Response.Headers.CacheControl = "no-cache";
    }

    /// <summary>The last event says what came of it all; the Log is durable before that is sent.</summary>
    private async Task EndAsync(long began, string? error)
    {
        JsonObject last;
        try
        {
            last = (await _desk.KeepAsync(open, began, error, response: null)).ToJson();
        }
        catch (Exception fault)
            when (context.Response.HasStarted && fault is NotTakenException or RefusedRequestException)
        {
            last = new() { ["error"] = $"The answer could not be logged: {fault.Message}" };
        }

        if (context.RequestAborted.IsCancellationRequested)
            return;
        Begin();
        last["output"] = _hidden.End();
        await WriteAsync(last);
        await context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray(), context.RequestAborted);
    }

    private async Task WriteAsync(JsonObject members)
    {
        await context.Response.Body.WriteAsync(CallAnswer.Event(open, members), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
