using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>
/// One worker's way in, over any store: the product's own classes, and dead letters that are kept in a list.
/// </summary>
internal sealed class TestIngestion(StoreUnderTest store, TimeProvider time, TraceOptions? traces = null) : IAttachments
{
    /// <summary>
    /// One for all: the instruments of a meter stay in the process, and whoever listens walks past every one of them.
    /// </summary>
    private static readonly MaskingMetrics Unheard = new(new TestMeters());

    private long _tag;

    /// <summary>What was refused, in the order of refusal.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Which Tool and Prompt Logs have an Evaluator of their own; none by default.</summary>
    public Func<Log, bool>? Attached { get; init; }

    public EvaluationOptions Evaluation { get; init; } = new();

    public ConversationOptions Conversations { get; init; } = new();

    public PrivacyOptions Privacy { get; init; } = new();

    public Masker Masker { get; init; } = new(MaskRules.Default);

    /// <summary>
    /// Gives each body as one chunk's next message; a body is (type, JSON) or (type, JSON, message id).
    /// </summary>
    public Task<ChunkResult> SendAsync(params (string Type, string Body)[] messages) =>
        SendAsync([.. messages.Select(message => Some.Delivery(message.Body, message.Type) with { ReceivedAt = time.GetUtcNow() })]);

    public async Task<ChunkResult> SendAsync(IReadOnlyList<InboundMessage> chunk)
    {
        var processed = await Processor().ProcessAsync(
            [.. chunk.Select(message => message with { Tag = Interlocked.Increment(ref _tag) })], CancellationToken.None);
        lock (DeadLetters)
            DeadLetters.AddRange(processed.Refused.Select(refused => refused.Letter));
        return processed.Result;
    }

    /// <summary>A processor of its own, as another worker has one.</summary>
    public ChunkProcessor Processor()
    {
        var waker = Waker();
        var folds = new FoldWriter(store.Logs, new FileResolver(store.Files));
        var writer = Writer(waker);
        return new(
            new FileWriter(store.Files, store.Monitorings, writer),
            writer,
            waker,
            new PostedVerdicts(store.Posted, store.Traces, store.Logs, store.Runs, new(store.Verdicts, store.Runs), folds),
            store.Runs,
            new DeadLetterWriter(store.Logs, new StoreResilience(time), Options.Create(Privacy), Masker, time),
            new StoreResilience(time),
            new Conversations(Options.Create(Conversations)),
            Masker,
            Unheard,
            Options.Create(new IngestionOptions()));
    }

    /// <summary>A writer of its own.</summary>
    public LogWriter Writer() => Writer(Waker());

    private LogWriter Writer(TraceWaker waker)
    {
        var resolver = new FileResolver(store.Files);
        return new(new FoldWriter(store.Logs, resolver), store.Files, resolver, waker);
    }

    public TraceWaker Waker() =>
        new(
            store.Traces,
            store.Logs,
            store.Runs,
            this,
            new VerdictDepth(store.Posted, store.Runs, Options.Create(Evaluation)),
            Options.Create(traces ?? new TraceOptions()),
            Options.Create(Conversations),
            new LocalDueTimes(time),
            time);

    bool IAttachments.MayAttach(LogKind kind) => Attached is not null;

    bool IAttachments.Attaches(Log log) => Attached?.Invoke(log) ?? false;
}
