using Microsoft.Extensions.Options;
using Worker.Diagnostics;

namespace Worker.Ingestion;

/// <summary>
/// Ingestion is behind while more than a chunk and a half is taken and not durable, and a little longer: between two
/// chunks there may be less.
/// </summary>
internal sealed class IngestBacklog(
    IngestionMetrics account, IOptions<IngestionOptions> options, TimeProvider time) : IBacklogSign
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private readonly int _most = options.Value.ChunkSize * 3 / 2;
    private long _behindAt;

    public bool IsBehind
    {
        get
        {
            if (account.Totals.InHand > _most)
                Volatile.Write(ref _behindAt, time.GetTimestamp());
            return Volatile.Read(ref _behindAt) is not 0 and var last && time.GetElapsedTime(last) < Lasts;
        }
    }
}
