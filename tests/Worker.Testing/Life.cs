using Worker.Errors;

namespace Worker.Testing;

/// <summary>How many calls of stores a worker lives for.</summary>
internal sealed class Life(int calls)
{
    private int _left = calls;

    /// <summary>It was killed: some call was one too many.</summary>
    public bool IsOver { get; private set; }

    public void Spend()
    {
        if (_left-- > 0)
            return;
        IsOver = true;
        throw new StoreUnavailableException("The worker was killed.");
    }
}
