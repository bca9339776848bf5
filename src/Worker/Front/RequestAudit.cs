using Microsoft.AspNetCore.Http;
using Worker.Audit;
using Worker.Storage;

namespace Worker.Front;

/// <summary>
/// Requests that are written down before they are done. While the store does not answer, these are refused, unlike what
/// is logged: nothing of them is taken.
/// </summary>
internal static class RequestAudit
{
    /// <summary>Not broken off by a client that goes away, as the work is not.</summary>
    public static Task RecordAsync(this HttpContext context, AuditAct act, ActRecord record, Func<Task> work) =>
        context.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(
            Caller.Of(context).ToActor(context, "http"),
            act,
            record,
            async () =>
            {
                await work();
                return true;
            },
            CancellationToken.None);
}
