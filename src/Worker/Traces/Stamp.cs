namespace Worker.Traces;

/// <summary>
/// Which message said something, and when: what decides between two values of one field.
/// Ordered by (<see cref="Updated"/> above Logged, <see cref="At"/>, <see cref="MessageId"/>);
/// a full tie is decided by the value's own hash (see <see cref="LogMerge"/>).
/// </summary>
/// <param name="Updated">True for an Updated message, whatever the clocks say.</param>
/// <param name="At">When it occurred, in microseconds since the Unix epoch, UTC.</param>
/// <param name="MessageId">The AMQP message id, else the hash of kind and body.</param>
internal sealed record Stamp(bool Updated, long At, string MessageId) : IComparable<Stamp>
{
    /// <summary>Of what the worker concludes: it gives way to whatever a message says.</summary>
    public static readonly Stamp Lowest = new(Updated: false, At: 0, MessageId: "");

    public int CompareTo(Stamp? other)
    {
        if (other is null)
            return 1;

        var order = Updated.CompareTo(other.Updated);
        if (order == 0)
            order = At.CompareTo(other.At);
        return order != 0 ? order : string.CompareOrdinal(MessageId, other.MessageId);
    }
}
