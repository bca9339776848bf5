using Worker.Errors;

namespace Worker.Testing;

/// <summary>How many calls of stores a worker lives for.</summary>
internal sealed class Life(int calls)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = calls;

    /// <summary>Ends when it is killed: whoever tries again and again is not waited for.</summary>
    public Task Over => _over.Task;

    /// <summary>It was killed: some call was one too many.</summary>
    public bool IsOver { get; private set; }

    public void Spend()
    {
        if (_left-- > 0)
            return;
        IsOver = true;
        _over.TrySetResult();
        throw new StoreUnavailableException("The worker was killed.");
    }
}
