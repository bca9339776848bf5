using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Models;
using Worker.Traces;

namespace Worker.Front.Calls;

/// <summary>
/// The Prompt Log of a call: what the request says of it, and what came of it. Of the request only those fields are
/// taken that a Log has, so no key of a provider can be among them.
/// </summary>
internal sealed class CallLog
{
    internal static readonly IReadOnlyList<string> Kept =
    [
        "log_id", "path", "id", "prompt", "inputs", "messages", "tool_choice", "source", "metadata", "start_time",
        "source_datapoint_id", "trace_parent_id", "user", "environment", "save", "log_status", "batch_id", "run_id",
        "evaluation_id",
    ];

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _said = [];
    private readonly int _limit;

    /// <param name="logId">Where the body names none.</param>
    /// <param name="limit">Of the message, in bytes.</param>
    public CallLog(CallBody body, CalledPrompt prompt, string? logId, DateTimeOffset now, int limit)
    {
        _limit = limit;
        foreach (var name in Kept)
        {
            if (body[name] is { } value)
                _said[name] = value.DeepClone();
        }

        if (logId is not null)
            _said["log_id"] = logId;
        _said["start_time"] ??= Timestamps.Format(Timestamps.ToMicroseconds(now));
        if (prompt.Stored is not { Version.Version: { } version })
            return;

        // The Log belongs to what was called, whatever is deployed by the time it is stored.
        _said.Remove("prompt");
        _said["version_id"] = version.Id;
    }

    /// <summary>Whether there is room left for an answer.</summary>
    public bool HasRoom => Bytes(_said).Length <= _limit - (_limit / 16);

    public byte[] Begun => Bytes(_said);

    /// <summary>
    /// With what came of it. Where it is larger than a message may be, what the provider was sent and answered is left
    /// out; where it still is, the output is cut, and the error says so.
    /// </summary>
    public byte[] Ended(CalledModel called)
    {
        var log = _said.DeepClone().AsObject();
        foreach (var (name, value) in called.ToJson())
            log[name] = value?.DeepClone();
        log["end_time"] = called.EndedAt.UtcDateTime;
        log["provider_request"] = called.Request.DeepClone();
        log["provider_response"] = called.Response?.DeepClone();
        foreach (var name in new[] { "provider_response", "provider_request" })
        {
            if (Fits(log))
                break;
            log.Remove(name);
        }

        for (var most = BoundedText.Bytes(called.Output); !Fits(log) && most > 0;)
        {
            most /= 2;
            var cut = BoundedText.Cut(called.Output, most);
            log["output"] = cut;
            log["output_message"] = new JsonObject { ["role"] = "assistant", ["content"] = cut };
            log["error"] = called.Error ?? "The answer is larger than a Log may be, and is kept in part.";
        }

        return Bytes(log);
    }

    /// <summary>The front adds when it was said.</summary>
    private bool Fits(JsonObject log) => Bytes(log).Length <= _limit - 128;

    private static byte[] Bytes(JsonObject log) => JsonSerializer.SerializeToUtf8Bytes(log, Readable);
}
