using System.Collections.Immutable;
using Worker.Storage;

namespace Worker.Audit;

/// <summary>What an act was done to and what it came to, as it is written down. For one thread at a time.</summary>
internal sealed class ActRecord
{
    /// <summary>Things whose ids are kept; how many it were is counted all the same.</summary>
    public const int Most = 1_000;

    private const int LongestText = 255;

    private readonly List<string> _subjects = [];
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _things;

    /// <summary>There was nothing that it could be done to.</summary>
    public bool IsNothing { get; set; }

    /// <summary>What there is to say besides: no payload, no secret, nobody's <c>user</c>.</summary>
    public string? Note { get; set; }

    /// <param name="id">Of what it is done to.</param>
    /// <param name="about">Of what that is about, by which it is found, too.</param>
    public void Add(string id, string? about = null)
    {
        if (_things++ >= Most)
            return;
        _subjects.Add(Cut(id));
        if (about is not null)
            _subjects.Add(Cut(about));
    }

    public void AddRange(IEnumerable<string> ids)
    {
        foreach (var id in ids)
            Add(id);
    }

    /// <summary>Zeros are not written.</summary>
    public void Count(string name, long count)
    {
        if (count != 0)
            _counts[Cut(name)] = _counts.GetValueOrDefault(name) + count;
    }

    public AuditEntry In(AuditEntry entry, AuditOutcome outcome) => entry with
    {
        Outcome = outcome,
        Subjects = [.. _subjects],
        SubjectCount = _things,
        Counts = _counts.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Note = Note is null ? null : Cut(Note),
    };

    /// <summary>Not between the halves of a character.</summary>
    private static string Cut(string text) =>
        text.Length <= LongestText ? text
        : char.IsHighSurrogate(text[LongestText - 1]) ? text[..(LongestText - 1)]
        : text[..LongestText];
}
