namespace Worker.Front.Otlp;

/// <summary>What an export may hold at most. A batch is far larger than a message, and no batch is unbounded.</summary>
internal static class OtlpLimits
{
    /// <summary>Of the body, as it comes and unpacked.</summary>
    public const int BodyBytes = 16 * 1024 * 1024;

    /// <summary>Of one request.</summary>
    public const int Spans = 10_000;

    /// <summary>How deep the value of an attribute may nest.</summary>
    public const int Depth = 16;

    /// <summary>How many attributes a span, an event or a resource may have.</summary>
    public const int Attributes = 1_024;

    /// <summary>How many events of a span, and how many links, are kept.</summary>
    public const int Events = 128;

    /// <summary>How many messages of a request are on their way at once.</summary>
    public const int InHand = 1_000;
}
