using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>One worker's way in, over any store: the product's own classes, and dead letters that are kept in a list.</summary>
internal sealed class TestIngestion(StoreUnderTest store, TimeProvider time, TraceOptions? traces = null) : IDeadLetterSink, IAttachments
{
    private long _tag;

    /// <summary>What was refused, in the order of refusal.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Which Tool and Prompt Logs have an Evaluator of their own; none by default.</summary>
    public Func<Log, bool> Attached { get; init; } = _ => false;

    public PrivacyOptions Privacy { get; init; } = new();

    /// <summary>Gives each body as one chunk's next message; a body is (type, JSON) or (type, JSON, message id).</summary>
    public Task<ChunkResult> SendAsync(params (string Type, string Body)[] messages) =>
        SendAsync([.. messages.Select(message => Some.Delivery(message.Body, message.Type) with { ReceivedAt = time.GetUtcNow() })]);

    public Task<ChunkResult> SendAsync(IReadOnlyList<InboundMessage> chunk) =>
        Processor().ProcessAsync([.. chunk.Select(message => message with { Tag = ++_tag })], CancellationToken.None);

    /// <summary>A processor of its own, as another worker has one.</summary>
    public ChunkProcessor Processor() => new(
        new LogWriter(store.Logs, new FileResolver(store.Files)),
        new TraceWaker(store.Traces, store.Runs, this, Options.Create(traces ?? new TraceOptions()), new LocalTimers(time), time),
        store.Runs,
        this,
        new StoreResilience(time),
        Options.Create(new IngestionOptions()),
        Options.Create(Privacy));

    Task IDeadLetterSink.SendAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken)
    {
        lock (DeadLetters)
            DeadLetters.AddRange(letters);
        return Task.CompletedTask;
    }

    bool IAttachments.Attaches(Log log) => Attached(log);
}
