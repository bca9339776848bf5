namespace Worker.Diagnostics;

/// <summary>What stood still when somebody looked last; nothing where nobody does, as in a front alone.</summary>
internal sealed class Stalls
{
    private volatile IReadOnlyList<Stall> _current = [];

    public IReadOnlyList<Stall> Current
    {
        get => _current;
        set => _current = value;
    }
}
