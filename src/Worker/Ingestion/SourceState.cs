using Worker.Diagnostics;

namespace Worker.Ingestion;

/// <summary>Whether messages are being taken: the broker is connected, or the inbox is open.</summary>
internal sealed class SourceState : IReadySign
{
    private volatile bool _isOpen;

    public bool IsOpen
    {
        get => _isOpen;
        set => _isOpen = value;
    }

    public string Missing => "No messages are taken: the broker is not connected, or the inbox is not open";

    public Task<bool> IsThereAsync(CancellationToken cancellationToken) => Task.FromResult(_isOpen);
}
