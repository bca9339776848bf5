using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>What becomes of a span: a message, as producers publish them.</summary>
internal sealed record SpanLog(MessageKind Kind, string LogId, JsonObject Body);
