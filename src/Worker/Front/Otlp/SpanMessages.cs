using System.Globalization;
using System.Text.Json.Nodes;
using Worker.Storage;
using Worker.Traces;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>
/// The message of a span. Id, kind, stamp and content are of the span alone: sent again, or in another batch, it is the
/// same message, and changes nothing.
/// </summary>
internal static class SpanMessages
{
    private const string Json = "application/json";

    public static InboxMessage Of(Span span, DateTimeOffset receivedAt)
    {
        var role = SpanRoles.Of(span);
        var body = new LogBody();
        var kind = span.Attributes.Has(Names.FileType) ? Described(body, span, role) : Recorded(body, span, role);
        return new()
        {
            Type = kind.WireName(),
            MessageId = $"{span.TraceId}-{span.SpanId}",
            ContentType = Json,
            Body = body.ToJson(),
            ReceivedAt = receivedAt,
        };
    }

    /// <summary>A span of an instrumentation.</summary>
    private static MessageKind Recorded(LogBody body, Span span, SpanRole role)
    {
        var metadata = new JsonObject();
        Common(body, span);
        SpanPaths.Fill(body, span, role);
        var details = Convention(body, span, role, metadata);
        Humanloop(body, span, role, details, metadata);
        SpanMetadata.Fill(metadata, span, role);
        body.Set("metadata", metadata);
        Finish(body);
        return KindOf(role);
    }

    /// <summary>
    /// A span of the service's own clients. A flow's end is an update of the Log that its beginning logged; one that
    /// says no more than that it ended must not overwrite what was updated meanwhile.
    /// </summary>
    private static MessageKind Described(LogBody body, Span span, SpanRole role)
    {
        var metadata = new JsonObject();
        Common(body, span);
        var details = role == SpanRole.Model ? PromptFields.Fill(body, span, metadata) : [];
        var isUpdate = role == SpanRole.Flow && span.Attributes.Has(Names.Log + "id");
        if (isUpdate)
            Forget(body, "trace_parent_id", "start_time", "end_time");
        Humanloop(body, span, role, details, metadata);
        SpanMetadata.FillLeft(metadata, span);
        body.Set("metadata", metadata);
        if (role == SpanRole.Flow && !isUpdate && !body.Has("log_status"))
            body.Set("log_status", "complete");
        if (!isUpdate || !(body.Has("output") || body.Has("error") || body.Has("output_message")))
        {
            Finish(body);
            return KindOf(role);
        }

        return MessageKind.FlowLogUpdated;
    }

    private static void Common(LogBody body, Span span)
    {
        body.Set("log_id", DerivedIds.LogOfSpan(span.TraceId, span.SpanId));
        if (span.ParentSpanId is { } parent)
            body.Set("trace_parent_id", DerivedIds.LogOfSpan(span.TraceId, parent));
        if (SpanTimes.Micros(span.StartUnixNano) is { } start)
            body.Set("start_time", Timestamps.ToJson(start));
        if (SpanTimes.Micros(span.EndUnixNano) is { } end)
            body.Set("end_time", Timestamps.ToJson(end));
        if ((SpanTimes.Micros(span.EndUnixNano) ?? SpanTimes.Micros(span.StartUnixNano)) is { } sent)
            body.Set("sent_at", Timestamps.ToJson(sent));
        body.Set("error", SpanErrors.Of(span));
        body.Set("user", span.Attributes.TakeText("user.id", "enduser.id", Names.Metadata + "userId"));
        body.Set("source", SpanPaths.Service(span.Origin));
        body.Set(
            "environment",
            span.Origin.Text("deployment.environment.name") ?? span.Origin.Text("deployment.environment"));
    }

    private static JsonObject Convention(LogBody body, Span span, SpanRole role, JsonObject metadata)
    {
        switch (role)
        {
            case SpanRole.Model:
                if (SpanTimes.Seconds(span) is { } seconds)
                    body.Set("provider_latency", JsonValue.Parse(seconds.ToString(CultureInfo.InvariantCulture)));
                return PromptFields.Fill(body, span, metadata);
            case SpanRole.Tool:
                return ToolFields.Fill(body, span.Attributes);
            case SpanRole.Flow:
                FlowFields.Fill(body, span);
                return [];
            default:
                ToolFields.Exchange(body, span.Attributes);
                return [];
        }
    }

    private static void Humanloop(LogBody body, Span span, SpanRole role, JsonObject details, JsonObject metadata)
    {
        var kind = KindOf(role).KindOfLog()!.Value.WireName();
        HumanloopFields.File(body, span.Attributes, kind, details);
        HumanloopFields.Log(body, span.Attributes, metadata);
        body.Set(kind, details);
    }

    /// <summary>
    /// A span that is exported has ended, and a Log is finished by an output or an error: where neither is known, the
    /// output is the empty text.
    /// </summary>
    private static void Finish(LogBody body)
    {
        if (!body.Has("output") && !body.Has("error") && !body.Has("output_message"))
            body.Set("output", "");
    }

    /// <summary>What the beginning of the flow has said already, and said better.</summary>
    private static void Forget(LogBody body, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            body.Remove(name);
    }

    private static MessageKind KindOf(SpanRole role) => role switch
    {
        SpanRole.Model => MessageKind.PromptLogged,
        SpanRole.Flow => MessageKind.FlowLogged,
        _ => MessageKind.ToolLogged,
    };
}
