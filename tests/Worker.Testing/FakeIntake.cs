using System.Collections.Concurrent;
using Worker.Publishing;
using Worker.Storage;

namespace Worker.Testing;

/// <summary>Takes what it is given, as soon as the test lets it, or fails as the test says.</summary>
internal sealed class FakeIntake : IMessageIntake
{
    private readonly ConcurrentQueue<InboxMessage> _taken = new();

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "a list";

    /// <summary>Done before a message counts as taken.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public IReadOnlyList<InboxMessage> Taken => [.. _taken];

    /// <summary>Done once anything is taken.</summary>
    public Task First => _first.Task;

    public async Task TakeAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        await Before();
        _taken.Enqueue(message);
        _first.TrySetResult();
    }

    /// <summary>From now on nothing is taken.</summary>
    public void Refuse(string sentence = "It is away.", bool mayBeTaken = false) =>
        Before = () => throw new NotTakenException(sentence) { MayBeTaken = mayBeTaken };

    /// <summary>The next message is not taken, and from then on all are.</summary>
    public void RefuseOnce() => Before = () =>
    {
        Accept();
        throw new NotTakenException("It was away.");
    };

    public void Accept() => Before = () => Task.CompletedTask;
}
