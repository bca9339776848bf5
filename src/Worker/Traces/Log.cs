using System.Collections.Immutable;

namespace Worker.Traces;

/// <summary>
/// One recorded call and all that is needed to merge further messages into it. Immutable; merged by
/// <see cref="LogMerge"/>. Times are microseconds since the Unix epoch, UTC.
/// </summary>
internal sealed record Log
{
    /// <summary>How many messages without a clock of their own are remembered, newest first.</summary>
    public const int RememberedReceipts = 32;

    /// <summary>How many problems are kept: the ordinally smallest.</summary>
    public const int KeptProblems = 32;

    public required string Id { get; init; }

    public required LogKind Kind { get; init; }

    /// <summary>The kind is known from an Updated message alone, and gives way to a Logged one.</summary>
    public bool KindIsProvisional { get; init; }

    /// <summary>
    /// Last value wins, by <see cref="Stamp"/>. In the order of <see cref="LogFields.All"/>, each at most once.
    /// </summary>
    public ImmutableArray<FieldEntry> Fields { get; init; } = [];

    /// <summary>When messages without a clock of their own were first received, newest first.</summary>
    public ImmutableArray<Receipt> Receipts { get; init; } = [];

    /// <summary>Batches the Log was added to; only grows; ordinal order.</summary>
    public ImmutableArray<string> Batches { get; init; } = [];

    /// <summary>
    /// Every parent ever declared; only grows; ordinal order. The standing one is the field <c>trace_parent_id</c>.
    /// </summary>
    public ImmutableArray<string> Parents { get; init; } = [];

    /// <summary>What was dropped or odd on arrival, as sentences; only grows; ordinal order.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>A message said <c>save: false</c>: payload fields are not kept, and never come back.</summary>
    public bool Withheld { get; init; }

    /// <summary>A non-null output (or output message) was ever seen.</summary>
    public bool HadOutput { get; init; }

    /// <summary>A non-null error was ever seen.</summary>
    public bool HadError { get; init; }

    /// <summary>The earliest output or error; null when there was none.</summary>
    public long? OutcomeAt { get; init; }

    /// <summary>The earliest request to complete the trace; null when there was none. Never undone.</summary>
    public long? CompletionRequestedAt { get; init; }

    /// <summary>The earliest output or error that a sender's clock knows of; null when none does.</summary>
    public long? OutcomeSentAt { get; init; }

    /// <summary>
    /// The earliest request to complete the trace that a sender's clock knows of; null when none does.
    /// </summary>
    public long? CompletionSentAt { get; init; }

    /// <summary>The first receipt of any message for this Log.</summary>
    public long FirstReceivedAt { get; init; }

    /// <summary>
    /// Hash of kind and body, where the Log is named by its message's id: another body under that id is refused.
    /// </summary>
    public string? BodyHash { get; init; }

    /// <summary>
    /// When the earliest delete occurred; a tombstone has nothing but its id, <see cref="Parents"/> and this.
    /// </summary>
    public long? DeletedAt { get; init; }

    /// <summary>Pinned File and Version; null only for a tombstone or before the first write.</summary>
    public Resolution? Resolution { get; init; }

    /// <summary>The store's optimistic version: 0 is not stored yet. No part of the merged state.</summary>
    public int Version { get; init; }

    public bool IsDeleted => DeletedAt is not null;

    /// <summary>It is from before it came here: no Evaluator judges it.</summary>
    public bool IsHistory => this[LogFields.History]?.Utf8.Span.SequenceEqual("true"u8) == true;

    /// <summary>
    /// A Flow Log that the worker made: under it are the Flow Logs of one Flow that have the same key. It is never
    /// finished, and judged whenever it has been left alone for a while.
    /// </summary>
    public bool IsConversation => Kind == LogKind.Flow && DerivedIds.IsConversation(Id);

    /// <summary>
    /// A Flow Log that a producer sent: the head of a trace where no other such Log is above it. A conversation heads
    /// none: it is above whole traces.
    /// </summary>
    public bool MayHeadTrace => Kind == LogKind.Flow && !IsConversation;

    /// <summary>
    /// A Flow Log whose completion was requested and which has had an output or an error; or a conversation, which
    /// waits for neither.
    /// </summary>
    public bool IsComplete => WasCompleted || IsConversation;

    /// <summary>
    /// A Log other than a Flow's that has had its outcome, a verdict's judgment included, and does not say that more
    /// will come.
    /// </summary>
    public bool IsFinished =>
        (HadOutput || HadError || (Kind == LogKind.Evaluator && Judgment is not null))
        && Text(LogFields.LogStatus) != LogStatuses.Incomplete;

    /// <summary>
    /// When the trace became complete: the later of the request and the first outcome, by the senders' clocks where
    /// they know both; null while it is not.
    /// </summary>
    public long? CompletedAt => WasCompleted
        ? Math.Max(
            (KnownByClocks ? CompletionSentAt : CompletionRequestedAt)!.Value,
            (KnownByClocks ? OutcomeSentAt : OutcomeAt)!.Value)
        : null;

    /// <summary>
    /// <see cref="CompletedAt"/> rests on a receipt, not on a sender's clock: it is no end of the trace where a member
    /// declares one.
    /// </summary>
    public bool CompletedAtIsReceipt => WasCompleted && !KnownByClocks;

    /// <summary>
    /// The standing parent, as declared; null for a root, and for an Evaluator Log, which is a member of no trace.
    /// </summary>
    public string? ParentId
    {
        get
        {
            if (Kind == LogKind.Evaluator)
                return null;

            // Mostly only one parent was ever declared. Its text is at hand, so no new string is made.
            var standing = this[LogFields.TraceParentId];
            return Parents is [var only] && standing?.IsText(only) == true ? only : standing?.AsText();
        }
    }

    /// <summary>The Log that this one is a verdict on; null unless it is an Evaluator Log.</summary>
    public string? JudgedId => Kind == LogKind.Evaluator ? Text(LogFields.JudgedId) : null;

    /// <summary>What this Evaluator Log says; null for an abstention, and of a text that was not to be saved.</summary>
    public JsonValue? Judgment => this[LogFields.Judgment] ?? this[LogFields.JudgmentText];

    /// <summary>A verdict that says nothing any more: its judgment was unset, and there is no error.</summary>
    public bool IsTakenBack =>
        Kind == LogKind.Evaluator && Judgment is null && !Withheld && this[LogFields.Error] is null;

    public string? Path => Text(LogFields.Path);

    /// <summary>When it was created: as its producer says, else its first receipt.</summary>
    public long CreatedAt => Instant(LogFields.CreatedAt) ?? FirstReceivedAt;

    /// <summary>The field's standing value; null when never set or unset.</summary>
    public JsonValue? this[Field field]
    {
        get
        {
            foreach (var entry in Fields)
            {
                if (entry.Field.Index >= field.Index)
                    return entry.Field.Index == field.Index ? entry.Value : null;
            }

            return null;
        }
    }

    /// <summary>The field's standing value as a string; null when it has none or is not a JSON string.</summary>
    public string? Text(Field field) => this[field]?.AsText();

    /// <summary>
    /// The field's standing value as an instant; null when it has none. Dates are kept as ISO 8601 UTC.
    /// </summary>
    public long? Instant(Field field) => Timestamps.Parse(this[field]);

    /// <summary>The declared start of this Log alone.</summary>
    public long? StartedAt => Instant(LogFields.StartTime);

    /// <summary>The declared end of this Log alone.</summary>
    public long? EndedAt => Instant(LogFields.EndTime);

    private bool WasCompleted => Kind == LogKind.Flow && CompletionRequestedAt is not null && (HadOutput || HadError);

    private bool KnownByClocks => CompletionSentAt is not null && OutcomeSentAt is not null;
}
