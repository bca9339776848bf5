using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Worker.DeadLetters;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Storage;

namespace Worker.Testing;

/// <summary>The guard and the drain around a handler that a test gives, over a store that it can make fail.</summary>
internal static class TestDrain
{
    public static PoisonGuard Guard(
        ChunkHandler process, InMemoryStore store, TimeProvider? time = null, ILogger<PoisonGuard>? logger = null)
    {
        var resilience = new StoreResilience(TimeProvider.System);
        return new(
            process,
            new AttemptCounter(store, resilience),
            new DeadLetterWriter(store, resilience, Options.Create(new PrivacyOptions()), new(MaskRules.Default), time ?? TimeProvider.System),
            new StoreEvidence(time ?? TimeProvider.System),
            store,
            logger ?? NullLogger<PoisonGuard>.Instance);
    }

    public static ChunkDrain Drain(
        PoisonGuard guard,
        IDeadLetters letters,
        InMemoryStore store,
        IngestionMetrics account,
        TimeSpan? shutdown = null,
        TimeProvider? time = null,
        ILogger<ChunkDrain>? logger = null) => new(
            guard,
            letters,
            store,
            account,
            Options.Create(new HostOptions { ShutdownTimeout = shutdown ?? TimeSpan.FromSeconds(30) }),
            time ?? TimeProvider.System,
            logger ?? NullLogger<ChunkDrain>.Instance);

    /// <summary>All of a chunk is stored.</summary>
    public static ProcessedChunk Stored(IReadOnlyList<InboundMessage> chunk) =>
        new(new ChunkResult { Stored = chunk.Count }, []);
}
