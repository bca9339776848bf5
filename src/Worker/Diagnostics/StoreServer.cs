using Worker.Storage;

namespace Worker.Diagnostics;

/// <summary>The store of the Logs: it answers when it takes a write.</summary>
internal sealed class StoreServer(IStore store) : IReadySign, IServer
{
    public string Missing => "The store takes no writes";

    public Task AskAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);

    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken);
        return true;
    }
}
