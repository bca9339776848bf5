using Worker.IntegrationTests.Support;
using Worker.Testing.Fuzz;

namespace Worker.IntegrationTests.MongoDb;

public sealed class MongoFuzzTests(ITestOutputHelper output) : IAsyncDisposable
{
    private readonly MongoTestStore _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [MongoFact]
    public async Task Whatever_is_sent_is_stored_and_shown_or_refused_and_its_neighbours_are_stored()
    {
        await using var store = await _database.OpenAsync(Cancellation);

        output.WriteLine(await FuzzRun.GoAsync(store, cases: 500, Cancellation));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
