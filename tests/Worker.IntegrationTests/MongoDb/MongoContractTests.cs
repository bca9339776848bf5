using Worker.Testing;
using Worker.Testing.Contracts;

namespace Worker.IntegrationTests.MongoDb;

// The MongoDB store keeps every contract; each test has a database of its own.

public sealed class MongoLogStoreContractTests : LogStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoTraceStoreContractTests : TraceStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoFileStoreContractTests : FileStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoRunStoreContractTests : RunStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoEvaluatorLogStoreContractTests : EvaluatorLogStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoAttemptStoreContractTests : AttemptStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoPoisonStoreContractTests : PoisonStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoStoreContractTests : WholeStoreContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoStoreLaws : StoreLawsContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}

public sealed class MongoWaitingTests : WaitingContract
{
    private readonly MongoTestStore _database = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => _database.OpenAsync(Cancellation);

    private protected override Task RemoveDataAsync() => _database.DropAsync();
}
