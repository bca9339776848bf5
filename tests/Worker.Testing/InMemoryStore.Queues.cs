using System.Runtime.CompilerServices;
using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IInbox, IDeadLetterStore, IPoisonStore
{
    private readonly SortedDictionary<long, InboxMessage> _inbox = [];
    private readonly List<DeadLetter> _letters = [];
    private readonly Dictionary<string, int> _attemptsAtMessages = new(StringComparer.Ordinal);
    private long _lastPosition;

    public IReadOnlyList<DeadLetter> StoredLetters
    {
        get
        {
            lock (_lock)
                return [.. _letters];
        }
    }

    public IReadOnlyList<InboxMessage> InboxMessages
    {
        get
        {
            lock (_lock)
                return [.. _inbox.Values];
        }
    }

    public Task AppendAsync(IReadOnlyCollection<InboxMessage> messages, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var message in messages)
            Append(message);
    });

    public Task<IReadOnlyList<InboxMessage>> PeekAsync(long after, int limit, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<InboxMessage> () => [.. _inbox.Values.Where(message => message.Position > after).Take(limit)]);

    public Task<InboxSize> SizeAsync(CancellationToken cancellationToken) => Do(() => _inbox.Count == 0
        ? InboxSize.Empty
        : new(
            _inbox.Count,
            _inbox.Values.Sum(message => (long)message.Body.Length),
            _inbox.Values.Min(message => message.ReceivedAt)));

    public Task RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var position in positions)
            _inbox.Remove(position);
    });

    public Task CountRedeliveriesAsync(int window, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var message in _inbox.Values.Take(window).ToList())
            _inbox[message.Position] = message with { Redeliveries = message.Redeliveries + 1 };
    });

    public Task AddAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var letter in letters.Where(letter => Find(letter.DeadLetterId) is null))
            _letters.Add(letter);
    });

    public Task<long> CountAsync(CancellationToken cancellationToken) => Do(() => (long)_letters.Count);

    public async IAsyncEnumerable<DeadLetter> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var letters = await Do(() => _letters.ToList());
        foreach (var letter in letters)
            yield return letter;
    }

    public Task<bool> RedriveAsync(string deadLetterId, CancellationToken cancellationToken) => Do(() =>
    {
        if (Find(deadLetterId) is not { Body: not null } letter)
            return false;

        Append(InboxMessage.From(letter));
        return _letters.Remove(letter);
    });

    public Task<bool> DiscardAsync(string deadLetterId, CancellationToken cancellationToken) =>
        Do(() => Find(deadLetterId) is { } letter && _letters.Remove(letter));

    Task<IReadOnlyDictionary<string, int>> IPoisonStore.ReadAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken) =>
        Do(IReadOnlyDictionary<string, int> () => Attempts(messageKeys));

    public Task<IReadOnlyDictionary<string, int>> CountAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken) => Do(IReadOnlyDictionary<string, int> () =>
        {
            foreach (var key in messageKeys)
                _attemptsAtMessages[key] = _attemptsAtMessages.GetValueOrDefault(key) + 1;
            return Attempts(messageKeys);
        });

    public Task ClearAsync(IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var key in messageKeys)
            _attemptsAtMessages.Remove(key);
    });

    private Dictionary<string, int> Attempts(IEnumerable<string> messageKeys) =>
        messageKeys.Where(_attemptsAtMessages.ContainsKey).ToDictionary(
            key => key, key => _attemptsAtMessages[key], StringComparer.Ordinal);

    private void Append(InboxMessage message)
    {
        var position = ++_lastPosition;
        _inbox.Add(position, message with { Position = position, Redeliveries = 0 });
    }

    private DeadLetter? Find(string id) => _letters.Find(letter => letter.DeadLetterId == id);
}
