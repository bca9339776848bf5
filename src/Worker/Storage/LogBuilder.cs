using System.Collections.Immutable;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// A Log while its document is read, part by part in the document's order. The parts are those of
/// <see cref="LogDocument"/>.
/// </summary>
internal sealed class LogBuilder
{
    private readonly List<(Field Field, JsonValue? Value)> _values = new(16);

    public string Id { get; set; } = "";

    public LogKind Kind { get; set; }

    public bool KindIsProvisional { get; set; }

    public bool Withheld { get; set; }

    public bool HadOutput { get; set; }

    public bool HadError { get; set; }

    public long? OutcomeAt { get; set; }

    public long? CompletionRequestedAt { get; set; }

    public long? OutcomeSentAt { get; set; }

    public long? CompletionSentAt { get; set; }

    public long? FirstReceivedAt { get; set; }

    public long? DeletedAt { get; set; }

    public string? BodyHash { get; set; }

    public Resolution? Resolution { get; set; }

    public ImmutableArray<string> Batches { get; set; } = [];

    public ImmutableArray<string> Problems { get; set; } = [];

    /// <summary>Null: no more than the standing parent.</summary>
    public ImmutableArray<string>? Parents { get; set; }

    /// <summary>None where the Log is read in outline: its fields then have the lowest.</summary>
    public List<Stamp> Stamps { get; } = [];

    /// <summary>The place in <see cref="Stamps"/> of each field; null: all have the first.</summary>
    public IReadOnlyList<int>? StampOf { get; set; }

    /// <summary>The places in <see cref="Stamps"/> of the receipts.</summary>
    public IReadOnlyList<int>? Receipts { get; set; }

    public IReadOnlyList<string?>? Bodies { get; set; }

    /// <summary>Fields are given in the order of <see cref="LogFields.All"/>.</summary>
    public void Add(Field field, JsonValue value) => _values.Add((field, value));

    /// <summary>Gives a field that was added its value.</summary>
    public void Set(Field field, JsonValue value) =>
        _values[_values.FindIndex(each => each.Field == field)] = (field, value);

    /// <summary>Fields that hold no value, among those that do.</summary>
    public void AddUnset(IEnumerable<string> names)
    {
        foreach (var name in names)
            _values.Add((LogFields.Find(name)!, null));
        _values.Sort((left, right) => left.Field.Index.CompareTo(right.Field.Index));
    }

    public Log Build(int version)
    {
        var log = new Log
        {
            Id = Id,
            Kind = Kind,
            KindIsProvisional = KindIsProvisional,
            Fields = [.. _values.Select(
                (each, place) => new FieldEntry(each.Field, each.Value, StampAt(place)))],
            Receipts = Receipts is null
                ? []
                : [.. Receipts.Select((place, index) => new Receipt(Stamps[place], Bodies?[index]))],
            Batches = Batches,
            Problems = Problems,
            Withheld = Withheld,
            HadOutput = HadOutput,
            HadError = HadError,
            OutcomeAt = OutcomeAt,
            CompletionRequestedAt = CompletionRequestedAt,
            OutcomeSentAt = OutcomeSentAt,
            CompletionSentAt = CompletionSentAt,
            FirstReceivedAt = FirstReceivedAt ?? 0,
            BodyHash = BodyHash,
            DeletedAt = DeletedAt,
            Resolution = Resolution,
            Version = version,
        };
        return log with { Parents = Parents ?? (log.ParentId is { } parent ? [parent] : []) };
    }

    private Stamp StampAt(int place) => Stamps.Count == 0 ? Stamp.Lowest : Stamps[StampOf?[place] ?? 0];
}
