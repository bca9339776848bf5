using System.ComponentModel.DataAnnotations;

namespace Worker.Ingestion;

/// <summary>How messages are taken in. Section <c>Ingestion</c>.</summary>
internal sealed class IngestionOptions
{
    public const string SectionName = "Ingestion";

    /// <summary>
    /// Messages held unacknowledged at most. Bounded further so that their bodies stay under 64 MiB at the mean size
    /// seen.
    /// </summary>
    [Range(1, 65535)]
    public int Prefetch { get; set; } = 4000;

    /// <summary>Messages written together at most. No more than <see cref="Prefetch"/>.</summary>
    [Range(1, 10000)]
    public int ChunkSize { get; set; } = 1000;

    /// <summary>How long a chunk that is not full waits for more; 0 takes what is there.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ChunkTime { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>A longer body is refused as <c>too_large</c>. Bytes; 1 MiB by default.</summary>
    [Range(1024, 15 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 1024 * 1024;
}
