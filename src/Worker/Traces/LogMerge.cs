using System.Collections.Immutable;

namespace Worker.Traces;

/// <summary>
/// The merge law: commutative, associative, idempotent. Per field, the higher <see cref="Stamp"/> wins and replaces
/// whole, a full tie falls to the greater hash of the value, and values are the same whose JSON is equal; sets only
/// grow; bits only rise. A tombstone absorbs everything.
/// </summary>
internal static class LogMerge
{
    /// <summary>
    /// What the store holds after one more message. Refusals are the only exception to the law: there the first message
    /// wins.
    /// </summary>
    public static MergeResult Apply(Log? current, LogMessage message)
    {
        if (current is not null && Refuse(current, message) is { } refusal)
            return new(current, MergeOutcome.Refused, refusal);

        var said = StateOf(message, Remembered(current, message));
        if (current is null)
            return new(said, MergeOutcome.Stored);

        var merged = Join(current, said);
        if (current.IsDeleted && message.Kind != MessageKind.LogDeleted)
            return new(merged, MergeOutcome.Absorbed);
        if (!ReferenceEquals(merged, current))
            return new(merged, MergeOutcome.Stored);
        return new(merged, message.Identity == LogIdentity.Body ? MergeOutcome.Collapsed : MergeOutcome.Unchanged);
    }

    /// <summary>
    /// The join of two states of one Log. Returns <paramref name="left"/> itself when <paramref name="right"/> adds
    /// nothing.
    /// </summary>
    public static Log Join(Log left, Log right)
    {
        if (left.IsDeleted || right.IsDeleted)
            return JoinDeleted(left, right);

        var withheld = left.Withheld || right.Withheld;
        var merged = left with
        {
            Kind = KindOf(left, right),
            KindIsProvisional = left.KindIsProvisional && right.KindIsProvisional,
            Fields = JoinFields(left.Fields, right.Fields, withheld),
            Receipts = JoinReceipts(left.Receipts, right.Receipts),
            Batches = Union(left.Batches, right.Batches),
            Parents = Union(left.Parents, right.Parents),
            Problems = Union(left.Problems, right.Problems, Log.KeptProblems),
            Withheld = withheld,
            HadOutput = left.HadOutput || right.HadOutput,
            HadError = left.HadError || right.HadError,
            OutcomeAt = Earliest(left.OutcomeAt, right.OutcomeAt),
            CompletionRequestedAt = Earliest(left.CompletionRequestedAt, right.CompletionRequestedAt),
            OutcomeSentAt = Earliest(left.OutcomeSentAt, right.OutcomeSentAt),
            CompletionSentAt = Earliest(left.CompletionSentAt, right.CompletionSentAt),
            FirstReceivedAt = Math.Min(left.FirstReceivedAt, right.FirstReceivedAt),
            BodyHash = left.BodyHash ?? right.BodyHash,
        };
        return merged == left ? left : merged;
    }

    /// <summary>
    /// What is left of a Log that is removed, or of a verdict whose judged Log was deleted, at that time.
    /// </summary>
    public static Log Deleted(Log log, long deletedAt) => JoinDeleted(log, Tombstone(log, deletedAt));

    private static Refusal? Refuse(Log current, LogMessage message)
    {
        if (current.IsDeleted || message.Kind.KindOfLog() is not { } kind)
            return null;

        if (message.Identity == LogIdentity.MessageId && current.BodyHash is { } hash && hash != message.BodyHash)
        {
            return new(
                RefusalReason.MessageIdReused,
                "message_id",
                "The message has no log_id and its message_id already named another body; " +
                "send a log_id, or a message_id of its own.");
        }

        var givesWay = current.KindIsProvisional && !message.Kind.IsUpdate();
        return kind == current.Kind || givesWay
            ? null
            : new(
                RefusalReason.KindMismatch,
                "log_id",
                $"The Log is a {current.Kind.WireName()} Log and the message is a {message.Kind.WireName()}; " +
                "a log_id names one Log of one kind.");
    }

    /// <summary>
    /// When the message occurred. One without a clock gets the receipt of its first delivery, as long as the Log
    /// remembers it: so a redelivery gets the stamp it had.
    /// </summary>
    private static long Remembered(Log? current, LogMessage message) =>
        message.OccurredAt ?? FirstReceipt(current?.Receipts ?? [], message)?.Stamp.At ?? message.ReceivedAt;

    private static Receipt? FirstReceipt(ImmutableArray<Receipt> receipts, LogMessage message) =>
        receipts.FirstOrDefault(receipt => receipt.IsOf(message)) ?? receipts.FirstOrDefault(
            receipt => receipt.MayBeOf(message));

    /// <summary>The state of a Log of which this is the only message.</summary>
    private static Log StateOf(LogMessage message, long at)
    {
        var stamp = StampOf(message, at);
        var fields = Stamped(message.Changes, stamp);
        bool hadOutput = false, hadError = false;
        var isMember = message.Kind != MessageKind.EvaluatorLogged;
        ImmutableArray<string> parents = [];
        foreach (var (field, value, _) in fields)
        {
            hadOutput |= value is not null && (field == LogFields.Output || field == LogFields.OutputMessage);
            hadError |= value is not null && field == LogFields.Error;
            if (isMember && field == LogFields.TraceParentId && value?.AsText() is { } parent)
                parents = [parent];
        }

        if (message.Withheld)
            fields = fields.RemoveAll(entry => entry.Field.Payload);
        if (parents.IsEmpty && message.ConversationId is { } conversation)
        {
            var before = fields.Count(entry => entry.Field.Index < LogFields.TraceParentId.Index);
            fields = fields.Insert(
                before, new(LogFields.TraceParentId, JsonValue.FromText(conversation), Stamp.Lowest));
            parents = [conversation];
        }

        var state = new Log
        {
            Id = message.LogId,
            Kind = message.Kind.KindOfLog() ?? default,
            KindIsProvisional = message.Kind.IsUpdate(),
            Fields = fields,
            Receipts = message.OccurredAt is null ? [Receipt.From(message, stamp)] : [],
            Batches = message.BatchId is { } batch ? [batch] : [],
            Parents = parents,
            Problems = message.Problems,
            Withheld = message.Withheld,
            HadOutput = hadOutput,
            HadError = hadError,
            OutcomeAt = hadOutput || hadError ? at : null,
            CompletionRequestedAt = message.CompletionRequested ? at : null,
            OutcomeSentAt = hadOutput || hadError ? message.OccurredAt : null,
            CompletionSentAt = message.CompletionRequested ? message.OccurredAt : null,
            FirstReceivedAt = message.ReceivedAt,
            BodyHash = message.Identity == LogIdentity.MessageId ? message.BodyHash : null,
        };
        return message.Kind == MessageKind.LogDeleted ? Tombstone(state, at) : state;
    }

    /// <summary>Mostly the one that its changes have already.</summary>
    private static Stamp StampOf(LogMessage message, long at)
    {
        var updated = message.Kind.IsUpdate();
        return message.Changes is [{ Stamp: var stamp }, ..]
            && (stamp.Updated, stamp.At, stamp.MessageId) == (updated, at, message.MessageId)
                ? stamp
                : new(updated, at, message.MessageId);
    }

    private static ImmutableArray<FieldEntry> Stamped(ImmutableArray<FieldEntry> changes, Stamp stamp) =>
        changes is [{ Stamp: var proposed }, ..] && !ReferenceEquals(proposed, stamp)
            ? [.. changes.Select(change => change with { Stamp = stamp })]
            : changes;

    private static Log Tombstone(Log log, long deletedAt) => new()
    {
        Id = log.Id,
        Kind = default,
        Parents = log.Parents,
        FirstReceivedAt = log.FirstReceivedAt,
        DeletedAt = deletedAt,
        Version = log.Version,
    };

    private static Log JoinDeleted(Log left, Log right)
    {
        var deletedAt = Earliest(left.DeletedAt, right.DeletedAt)!.Value;
        var firstReceivedAt = Math.Min(left.FirstReceivedAt, right.FirstReceivedAt);
        var parents = Union(left.Parents, right.Parents);
        return (deletedAt, firstReceivedAt) == (left.DeletedAt, left.FirstReceivedAt) && parents == left.Parents
            ? left
            : Tombstone(left, deletedAt) with { Parents = parents, FirstReceivedAt = firstReceivedAt };
    }

    private static LogKind KindOf(Log left, Log right) =>
        left.KindIsProvisional == right.KindIsProvisional
            ? (LogKind)Math.Min((int)left.Kind, (int)right.Kind)
            : left.KindIsProvisional ? right.Kind : left.Kind;

    private static ImmutableArray<FieldEntry> JoinFields(
        ImmutableArray<FieldEntry> left, ImmutableArray<FieldEntry> right, bool withheld)
    {
        var merged = ImmutableArray.CreateBuilder<FieldEntry>(left.Length + right.Length);
        int l = 0, r = 0;
        while (l < left.Length || r < right.Length)
        {
            var order = l == left.Length ? 1
                : r == right.Length ? -1
                : left[l].Field.Index.CompareTo(right[r].Field.Index);
            var entry = order switch { < 0 => left[l++], > 0 => right[r++], _ => Winner(left[l++], right[r++]) };
            if (!withheld || !entry.Field.Payload)
                merged.Add(entry);
        }

        return OrSame(left, merged);
    }

    private static FieldEntry Winner(FieldEntry left, FieldEntry right)
    {
        var order = left.Stamp.CompareTo(right.Stamp);
        if (order == 0)
            order = CompareValues(left.Value, right.Value);
        return order >= 0 ? left : right;
    }

    /// <summary>
    /// Compares by hash; unset is below any value. Values that are equal as JSON are equal, because a store may spell
    /// one in its own way, and a message that comes again must not count as a change for that.
    /// </summary>
    private static int CompareValues(JsonValue? left, JsonValue? right)
    {
        if (left is not { } l || right is not { } r)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        return l == r ? 0 : CanonicalJson.Hash(l).AsSpan().SequenceCompareTo(CanonicalJson.Hash(r));
    }

    private static ImmutableArray<Receipt> JoinReceipts(ImmutableArray<Receipt> left, ImmutableArray<Receipt> right)
    {
        if (right.IsEmpty || right.All(left.Contains))
            return left;

        return OrSame(left, left.Concat(right)
            .GroupBy(receipt => (receipt.Stamp.MessageId, receipt.Stamp.Updated, receipt.Body))
            .Select(same => same.MinBy(receipt => receipt.Stamp.At)!)
            .OrderByDescending(receipt => receipt.Stamp.At)
            .ThenByDescending(receipt => receipt.Stamp.MessageId, StringComparer.Ordinal)
            .ThenBy(receipt => receipt.Stamp.Updated)
            .ThenBy(receipt => receipt.Body, StringComparer.Ordinal)
            .Take(Log.RememberedReceipts));
    }

    private static ImmutableArray<string> Union(
        ImmutableArray<string> left, ImmutableArray<string> right, int keep = int.MaxValue)
    {
        if (right.IsEmpty || right.All(left.Contains))
            return left;

        return OrSame(left, left.Union(right, StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(keep));
    }

    /// <summary>The same array where nothing changed: callers see by the reference that nothing did.</summary>
    private static ImmutableArray<T> OrSame<T>(ImmutableArray<T> left, IEnumerable<T> merged)
    {
        ImmutableArray<T> array = [.. merged];
        return array.SequenceEqual(left) ? left : array;
    }

    private static long? Earliest(long? left, long? right) =>
        left is { } l && right is { } r ? Math.Min(l, r) : left ?? right;
}
