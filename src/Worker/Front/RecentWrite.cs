using Worker.Traces;

namespace Worker.Front;

/// <summary>By what one sees that a message has come into its Log.</summary>
/// <param name="ParentId">Under what it puts the Log; null where it says nothing of that.</param>
/// <param name="Fields">That it sets or unsets.</param>
internal sealed record RecentWrite(
    string LogId, string? ParentId, IReadOnlyList<Field> Fields, Stamp Stamp, bool Completes, bool Deletes)
{
    public static RecentWrite Of(LogMessage said) => new(
        said.LogId,
        said.Changes.FirstOrDefault(change => change.Key == LogFields.TraceParentId).Value?.AsText(),
        [.. said.Changes.Where(change => !said.Withheld || !change.Key.Payload).Select(change => change.Key)],
        new Stamp(said.Kind.IsUpdate(), said.OccurredAt ?? said.ReceivedAt, said.MessageId),
        said.CompletionRequested,
        said.Kind == MessageKind.LogDeleted);

    /// <summary>Whether a Log has what it said, or something later in its place.</summary>
    /// <param name="stored">Null where it is not stored.</param>
    public bool IsIn(Log? stored) => stored switch
    {
        null => false,
        { IsDeleted: true } => true,
        _ => !Deletes
            && (!Completes || stored.CompletionRequestedAt is not null)
            && Fields.All(field => (stored.Withheld && field.Payload) || stored.Fields.Any(entry => entry.Field == field && entry.Stamp.CompareTo(Stamp) >= 0)),
    };
}
