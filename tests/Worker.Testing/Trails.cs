using Microsoft.Extensions.Logging.Abstractions;
using Worker.Audit;
using Worker.Storage;

namespace Worker.Testing;

/// <summary>What writes down who did what, over a store of a test.</summary>
internal static class Trails
{
    public static AuditTrail Of(IAuditStore store, TimeProvider time) =>
        new(store, new StoreResilience(time), time, NullLogger<AuditTrail>.Instance);
}
