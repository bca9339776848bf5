namespace Worker.Front.Otlp;

/// <summary>OpenTelemetry's kinds of spans, by their numbers.</summary>
internal enum SpanKind
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}
