using Shouldly;
using Worker.Testing;
using Worker.Testing.Fuzz;
using Xunit;

namespace Worker.Tests.Fuzz;

public sealed class FuzzTests : IDisposable
{
    private readonly SqliteTestStore _sqlite = new();

    public void Dispose() => _sqlite.Dispose();

    [Fact]
    public async Task Whatever_is_sent_is_stored_and_shown_or_refused_and_its_neighbours_are_stored_in_SQLite()
    {
        await using var store = await _sqlite.OpenAsync(TestContext.Current.CancellationToken);

        ShouldHaveDoneBoth(await FuzzRun.GoAsync(store, cases: 1500, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Whatever_is_sent_is_stored_and_shown_or_refused_and_its_neighbours_are_stored_in_memory() =>
        ShouldHaveDoneBoth(await FuzzRun.GoAsync(StoreUnderTest.Of(new InMemoryStore()), cases: 1500, TestContext.Current.CancellationToken));

    private static void ShouldHaveDoneBoth((int Stored, int Refused) count)
    {
        count.Stored.ShouldBePositive();
        count.Refused.ShouldBePositive();
        TestContext.Current.SendDiagnosticMessage($"{count.Stored} stored, {count.Refused} refused");
    }
}
