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
        ParentOf(said),
        FieldsOf(said),
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
            && Fields.All(field => (stored.Withheld && field.Payload)
                || stored.Fields.Any(entry => entry.Field == field && entry.Stamp.CompareTo(Stamp) >= 0)),
    };

    private static string? ParentOf(LogMessage said)
    {
        foreach (var (field, value, _) in said.Changes)
        {
            if (field == LogFields.TraceParentId)
                return value?.AsText();
        }

        return null;
    }

    private static Field[] FieldsOf(LogMessage said)
    {
        var (fields, count) = (new Field[said.Changes.Length], 0);
        foreach (var (field, _, _) in said.Changes)
        {
            if (!said.Withheld || !field.Payload)
                fields[count++] = field;
        }

        return fields[..count];
    }
}
