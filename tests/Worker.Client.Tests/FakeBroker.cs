namespace Worker.Client.Tests;

/// <summary>A broker that is away, or hangs, or confirms only some, as its test wants it.</summary>
internal sealed class FakeBroker : IBroker
{
    private readonly object _lock = new();
    private readonly List<OutgoingMessage> _received = [];
    private volatile TaskCompletionSource? _hanging;

    public volatile bool IsAway;

    /// <summary>Which messages it would not have, by their body.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    public IReadOnlyList<OutgoingMessage> Received
    {
        get
        {
            lock (_lock)
                return [.. _received];
        }
    }

    public IReadOnlyList<string> Bodies => [.. Received.Select(Body)];

    public static string Body(OutgoingMessage message) => System.Text.Encoding.UTF8.GetString(message.Body.Span);

    /// <summary>From now on it answers nothing.</summary>
    public void Hang() => _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn()
    {
        var hanging = _hanging;
        _hanging = null;
        hanging?.SetResult();
    }

    public async Task<PublishOutcome> PublishAsync(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            if (_hanging is { } hanging)
                await hanging.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new("it did not answer", new bool[messages.Count]);
        }

        if (IsAway)
            return new("it is away", new bool[messages.Count]);

        var confirmed = messages.Select(message => !Refuses(Body(message))).ToList();
        lock (_lock)
            _received.AddRange(messages.Where((_, index) => confirmed[index]));
        return confirmed.Contains(false) ? new("it refuses some", confirmed) : PublishOutcome.AllConfirmed;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
