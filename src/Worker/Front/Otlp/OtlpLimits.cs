using Microsoft.AspNetCore.Http;

namespace Worker.Front.Otlp;

/// <summary>What an export may hold at most. A batch is far larger than a message, and no batch is unbounded.</summary>
internal static class OtlpLimits
{
    /// <summary>Of the body, as it comes and unpacked.</summary>
    public const int BodyBytes = 16 * 1024 * 1024;

    /// <summary>Of one request.</summary>
    public const int Spans = 10_000;

    /// <summary>Of one span as it comes; the message that is made of it has a limit of its own.</summary>
    public const int SpanBytes = 4 * 1024 * 1024;

    /// <summary>How deep the value of an attribute may nest.</summary>
    public const int Depth = 16;

    /// <summary>How many attributes a span, an event or a resource may have.</summary>
    public const int Attributes = 1_024;

    /// <summary>How many events of a span, and how many links, are kept.</summary>
    public const int Events = 128;

    /// <summary>How many messages of a request are on their way at once.</summary>
    public const int InHand = 1_000;

    /// <summary>Throws <see cref="RefusedRequestException"/> where there are too many spans.</summary>
    public static void Check(int spans)
    {
        if (spans > Spans)
            throw new RefusedRequestException(
                StatusCodes.Status413PayloadTooLarge, $"There are more than {Spans} spans; send smaller batches");
    }

    /// <summary>Throws <see cref="BadSpanException"/> where a span is too large.</summary>
    public static void CheckSize(int bytes)
    {
        if (bytes > SpanBytes)
            throw new BadSpanException(
                $"A span has {bytes} bytes, and no more than {SpanBytes} are taken; record less in it");
    }
}
