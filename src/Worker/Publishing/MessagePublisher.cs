namespace Worker.Publishing;

/// <summary>Publishes a message file.</summary>
internal sealed class MessagePublisher(IMessageDestination destination)
{
    public string Destination => destination.Name;

    /// <summary>
    /// Publishes every line that can be; the others go to <paramref name="onFault"/> as sentences, and stop nothing.
    /// </summary>
    public async Task<PublishCounts> PublishAsync(
        MessageFile file, Action<string> onFault, Action<PublishCounts> onProgress, CancellationToken cancellationToken)
    {
        await destination.OpenAsync(cancellationToken);
        var counts = new PublishCounts(0, 0);
        await foreach (var batch in file.ReadAsync(cancellationToken))
        {
            var rejected = batch.Messages.Count == 0
                ? []
                : await destination.SendAsync(batch.Messages, cancellationToken);
            var faults = batch.Faults
                .Concat(rejected.Select(message => $"Line {batch.LineNumbers[message.Index]}: {message.Why}"))
                .ToList();
            faults.ForEach(onFault);
            counts = new PublishCounts(
                counts.Published + batch.Messages.Count - rejected.Count, counts.BadLines + faults.Count);
            onProgress(counts);
        }

        return counts;
    }
}
