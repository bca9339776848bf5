using Worker.Testing.Contracts;

namespace Worker.Tests.Storage;

// The in-memory store keeps every contract, so that what is tested on it holds on the others.

public sealed class InMemoryLogStoreTests : LogStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryTraceStoreTests : TraceStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryFileStoreTests : FileStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryRunStoreTests : RunStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryEvaluatorLogStoreTests : EvaluatorLogStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryAttemptStoreTests : AttemptStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryDeadLetterStoreTests : DeadLetterStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryPoisonStoreTests : PoisonStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryInboxTests : InboxContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryStoreTests : WholeStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryStoreLaws : StoreLawsContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}

public sealed class InMemoryWaitingTests : WaitingContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}
