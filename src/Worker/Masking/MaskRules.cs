using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Worker.Masking;

/// <summary>What is masked, and what is not.</summary>
internal sealed record MaskRules
{
    /// <summary>The kind of what is masked because of where it stands.</summary>
    public const string FieldKind = "field";

    public static readonly MaskRules Default = new();

    private readonly FrozenSet<string> _exceptKinds = [];

    /// <summary>Whether secrets are known by their shapes.</summary>
    public bool Secrets { get; init; } = true;

    public ImmutableArray<MaskPath> Fields { get; init; } = [];

    public ImmutableArray<MaskPattern> Patterns { get; init; } = [];

    /// <summary>Left as they are, whatever they look like, and whatever else is said of them.</summary>
    public ImmutableArray<MaskPath> ExceptFields { get; init; } = [];

    public IReadOnlyCollection<string> ExceptKinds
    {
        get => _exceptKinds;
        init => _exceptKinds = value.ToFrozenSet(StringComparer.Ordinal);
    }

    public bool IsOff => !Secrets && Fields.IsEmpty && Patterns.IsEmpty;

    /// <summary>Every kind that a mark may have.</summary>
    public IEnumerable<string> Kinds => [.. SecretShapes.Kinds, FieldKind, .. Patterns.Select(pattern => pattern.Kind)];

    /// <summary>In words: how much is masked, and nothing of where or what.</summary>
    public string Words => IsOff ? "nothing; what is logged is stored as it is" : string.Join(
        ", ",
        new[]
        {
            Secrets ? "secrets by their shape" : null,
            Counted(Fields.Length, "field"),
            Counted(Patterns.Length, "pattern"),
        }.OfType<string>());

    private static string? Counted(int count, string what) =>
        count == 0 ? null : count == 1 ? $"1 {what}" : $"{count} {what}s";

    public bool Masks(string kind) => Secrets && !_exceptKinds.Contains(kind);
}
