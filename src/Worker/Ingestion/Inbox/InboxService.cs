namespace Worker.Ingestion.Inbox;

/// <summary>Drains the inbox, where there is no broker.</summary>
internal sealed class InboxService(InboxChunkSource source, ChunkDrain drain, SourceState state) : BackgroundService
{
    /// <summary>Finishes the chunks in hand; the rest stays in the inbox.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var _ = drain.AbandonSoon(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        state.IsOpen = true;
        try
        {
            await drain.RunAsync(source, LetterLimit.None, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop, before all that was in hand was finished.
        }
        finally
        {
            state.IsOpen = false;
            drain.Stopped();
        }
    }
}
