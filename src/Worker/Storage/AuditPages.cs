using System.Runtime.CompilerServices;
using Worker.Errors;

namespace Worker.Storage;

/// <summary>The audit, page by page.</summary>
internal static class AuditPages
{
    private const int Page = 100;

    /// <summary>All that are meant, the newest first. Throws <see cref="StoreUnavailableException"/>.</summary>
    public static async IAsyncEnumerable<AuditEntry> AllAsync(
        this IAuditStore store, AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? before = null;
        while (true)
        {
            var page = await store.ListAsync(query, before, Page, cancellationToken);
            foreach (var entry in page)
                yield return entry;
            if (page.Count < Page)
                yield break;
            before = page[^1].Id;
        }
    }
}
