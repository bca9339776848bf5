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

    public bool Masks(string kind) => Secrets && !_exceptKinds.Contains(kind);
}
