using Worker.Testing.Fuzz;

namespace Worker.Tests.Fuzz;

/// <summary>
/// The long run by hand: <c>WORKER_TEST_FUZZ_CASES=100000 dotnet test tests/Worker.Tests --filter FuzzTests</c>.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly SqliteTestStore _sqlite = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _sqlite.Dispose();

    [Fact]
    public async Task Whatever_is_sent_is_stored_and_shown_or_refused_and_its_neighbours_are_stored_in_SQLite()
    {
        await using var store = await _sqlite.OpenAsync(Cancellation);

        output.WriteLine(await FuzzRun.GoAsync(store, cases: 2000, Cancellation));
    }

    [Fact]
    public async Task Whatever_is_sent_is_stored_and_shown_or_refused_and_its_neighbours_are_stored_in_memory() =>
        output.WriteLine(await FuzzRun.GoAsync(StoreUnderTest.Of(new InMemoryStore()), cases: 2000, Cancellation));
}
