using Microsoft.Extensions.Options;
using Worker.Diagnostics;

namespace Worker.Ingestion;

/// <summary>Ingestion is behind while more than a chunk and a half is taken and not durable.</summary>
internal sealed class IngestBacklog(IngestionMetrics account, IOptions<IngestionOptions> options) : IBacklogSign
{
    private readonly int _most = options.Value.ChunkSize * 3 / 2;

    public bool IsBehind => account.Totals.InHand > _most;
}
