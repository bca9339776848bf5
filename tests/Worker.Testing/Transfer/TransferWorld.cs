using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Reading;
using Worker.Storage;
using Worker.Transfer;

namespace Worker.Testing.Transfer;

/// <summary>A store with what imports into it and exports from it: the product's own classes.</summary>
internal sealed class TransferWorld(StoreUnderTest store, TimeProvider time)
{
    private readonly TestIngestion _worker = new(store, time);

    public StoreUnderTest Store => store;

    public ListDestination Destination { get; } = new();

    /// <summary>What was told as passed over.</summary>
    public List<string> Faults { get; } = [];

    public TraceReader Traces => new(store.Traces, store.Logs, store.Verdicts, store.Posted, store.Runs, store.Files);

    public FileReader Files => new(store.Listings, store.Files, store.Monitorings, store.Listing, store.Logs);

    /// <summary>Reads the export, and has a worker read what comes of it.</summary>
    public async Task<ImportCounts> ImportAsync(string folder, bool judge = false)
    {
        var importer = new Importer(Destination, Options.Create(new IngestionOptions()), new(MaskRules.Default), time);
        var taken = Destination.Messages.Count;
        var counts = await importer.ImportAsync(
            new(folder) { Judge = judge }, Faults.Add, _ => { }, CancellationToken.None);
        await TakeInAsync(Destination.Messages[taken..]);
        return counts;
    }

    public async Task<ExportCounts> ExportAsync(string folder) =>
        await new Exporter(store.Listings, Files, store.Listing, Traces).ExportAsync(folder, _ => { }, CancellationToken.None);

    public async Task TakeInAsync(IEnumerable<InboxMessage> messages)
    {
        foreach (var chunk in messages.Chunk(200))
        {
            await _worker.SendAsync([.. chunk.Select(message => new InboundMessage
            {
                Body = message.Body,
                Type = message.Type,
                MessageId = message.MessageId,
                ContentType = message.ContentType,
                ReceivedAt = message.ReceivedAt,
                Tag = 0,
            })]);
        }

        _worker.DeadLetters.ShouldBeEmpty();
    }
}
