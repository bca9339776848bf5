namespace Worker.Masking;

/// <summary>How often each kind was masked. It holds names of kinds, and nothing of what was masked.</summary>
internal sealed class MaskCounts
{
    private readonly Dictionary<string, int> _byKind = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> ByKind => _byKind;

    public void Add(string kind) => _byKind[kind] = _byKind.GetValueOrDefault(kind) + 1;
}
