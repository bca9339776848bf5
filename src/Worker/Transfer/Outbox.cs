using Worker.Publishing;
using Worker.Storage;

namespace Worker.Transfer;

/// <summary>Gathers messages, and sends them some hundreds at a time: bounded in number and in bytes.</summary>
/// <param name="destination">Null: nothing is sent.</param>
/// <param name="onFault">Told what was not taken, with where it stands in the export.</param>
internal sealed class Outbox(IMessageDestination? destination, ImportCounts counts, Action<string> onFault)
{
    private const int MaxMessages = 500;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly List<InboxMessage> _messages = [];
    private readonly List<string> _places = [];
    private long _bytes;
    private long _since;

    /// <summary>Since it was last emptied by its owner, enough was added to be worth a word on how far it is.</summary>
    public bool IsDue => _since >= MaxMessages || _bytes >= MaxBytes;

    public async Task AddAsync(InboxMessage message, string place, CancellationToken cancellationToken)
    {
        _messages.Add(message);
        _places.Add(place);
        _bytes += message.Body.Length;
        _since++;
        if (_messages.Count >= MaxMessages || _bytes >= MaxBytes)
            await FlushAsync(cancellationToken);
    }

    /// <summary>On return all that was added is durable, or was told as not taken.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        _since = 0;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_messages.Count == 0)
            return;
        var rejected = destination is null ? [] : await destination.SendAsync(_messages, cancellationToken);
        foreach (var (index, why) in rejected)
            onFault($"{_places[index]}: {why}");
        counts.Messages += _messages.Count - rejected.Count;
        counts.Skipped += rejected.Count;
        _messages.Clear();
        _places.Clear();
        _bytes = 0;
    }
}
