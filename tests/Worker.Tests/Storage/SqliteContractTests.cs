using Worker.Testing.Contracts;

namespace Worker.Tests.Storage;

// The SQLite store keeps every contract; each test has a file of its own.

public sealed class SqliteLogStoreContractTests : LogStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteTraceStoreContractTests : TraceStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteFileStoreContractTests : FileStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteRunStoreContractTests : RunStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteEvaluatorLogStoreContractTests : EvaluatorLogStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteAttemptStoreContractTests : AttemptStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteDeadLetterStoreContractTests : DeadLetterStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqlitePoisonStoreContractTests : PoisonStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteInboxContractTests : InboxContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteStoreContractTests : WholeStoreContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteStoreLaws : StoreLawsContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}

public sealed class SqliteWaitingTests : WaitingContract
{
    private readonly SqliteTestStore _file = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _file.OpenAsync(Cancellation);

    private protected override void RemoveData() => _file.Dispose();
}
