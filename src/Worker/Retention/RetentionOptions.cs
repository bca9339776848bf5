using System.ComponentModel.DataAnnotations;

namespace Worker.Retention;

/// <summary>
/// How long what is stored is kept. Section <c>Retention</c>; what is removed is said by its rules (see
/// <see cref="RetentionRules"/>). Without rules, <see cref="DeadLetters"/> and <see cref="MaxBytes"/> nothing is
/// but old entries of the audit.
/// </summary>
internal sealed class RetentionOptions
{
    public const string SectionName = "Retention";

    /// <summary>How often one of the workers looks for what has grown too old.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Logs that are removed in a second at most.</summary>
    [Range(1, 1_000_000)]
    public int PerSecond { get; set; } = 500;

    /// <summary>
    /// How long it is remembered that a Log was deleted or removed, so that a message for it that comes late, or again,
    /// is absorbed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Tombstones { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long dead letters are kept without a broker, counted from when their message first came. Null: until
    /// somebody redrives or discards them.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan? DeadLetters { get; set; }

    /// <summary>
    /// How long it is kept who did what (<c>worker audit</c>), whatever else goes or stays. Set it longer than anything
    /// that you may have to account for.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Audit { get; set; } = TimeSpan.FromDays(400);

    /// <summary>
    /// How large the SQLite file may grow: while it is larger, the oldest traces go that nothing keeps. Null: as large
    /// as it likes. Nothing on MongoDB.
    /// </summary>
    [Range(1L << 20, long.MaxValue)]
    public long? MaxBytes { get; set; }
}
