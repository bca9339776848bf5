using Worker.Masking;
using Worker.Storage;

namespace Worker.Publishing;

/// <summary>Before what commands publish to: no message goes there with what is to be masked.</summary>
internal sealed class MaskingDestination(IMessageDestination destination, Masker masker, MaskingMetrics metrics)
    : IMessageDestination
{
    public string Name => destination.Name;

    public Task OpenAsync(CancellationToken cancellationToken) => destination.OpenAsync(cancellationToken);

    public async Task<IReadOnlyList<(int Index, string Why)>> SendAsync(
        IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var masked = messages.Select(message => (Message: message, Masked: masker.Mask(message.Body))).ToList();
        var rejected = await destination.SendAsync(
            [.. masked.Select(each => each.Message with { Body = each.Masked.Body })], cancellationToken);
        foreach (var each in masked)
            metrics.Add(each.Masked.Counts);
        return rejected;
    }
}
