namespace Worker.Front.Otlp;

/// <summary>A span's error: where its status is one. An exception that was recorded and got over is none.</summary>
internal static class SpanErrors
{
    /// <summary>As the status says it; else as the last exception does; else what type of error it was.</summary>
    public static string? Of(Span span)
    {
        if (!span.IsError)
            return null;
        if (span.StatusMessage.Length > 0)
            return span.StatusMessage;
        var exception = span.Events.LastOrDefault(happened => happened.Name == "exception")?.Attributes;
        var (type, message) = (exception?.PeekText("exception.type"), exception?.PeekText("exception.message"));
        return (type, message) switch
        {
            ({ } known, { } said) => $"{known}: {said}",
            _ => message ?? type ?? span.Attributes.PeekText("error.type") ?? "error",
        };
    }
}
