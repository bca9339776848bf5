using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Worker.Evaluation;

/// <summary>
/// Judges a share of the Logs. Which, is decided by the Log's id alone: the first 8 bytes of its SHA-256 (UTF-8), as a
/// big-endian number, are a point between 0 and 1, and points below the rate are judged. So a lower rate picks a subset
/// of a higher one, for ever, whoever judges.
/// </summary>
/// <param name="Rate">Above 0, at most 1.</param>
internal sealed record Sampling(double Rate)
{
    /// <summary>Null where that Log is judged; else a sentence.</summary>
    public string? WhyNot(string logId)
    {
        var point = PointOf(logId);
        return point < Rate
            ? null
            : FormattableString.Invariant($"The hash of its id is at {point:F6}; sample is {Rate}.");
    }

    /// <summary>From 0 up to, and without, 1.</summary>
    public static double PointOf(string logId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(logId), hash);

        // The first 53 bits: as many as a double holds.
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) / (double)(1UL << 53);
    }
}
