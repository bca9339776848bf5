using Worker.Storage;
using Worker.Traces;

namespace Worker.Commands;

/// <summary>An entry of the audit as JSON.</summary>
internal static class AuditJson
{
    public static string Of(AuditEntry entry) => CommandJson.Of(new
    {
        entry.Id,
        At = Timestamps.Format(Timestamps.ToMicroseconds(entry.At)),
        entry.Actor,
        entry.KeyId,
        From = entry.Origin,
        Act = EnumName<AuditAct>.Of(entry.Act),
        Outcome = EnumName<AuditOutcome>.Of(entry.Outcome),
        entry.SubjectCount,
        entry.Subjects,
        entry.Counts,
        entry.Note,
    });
}
