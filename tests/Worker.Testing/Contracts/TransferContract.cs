using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Worker.Testing.Transfer;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>Nobody is locked in: what came by an import goes by an export, and comes again, the same.</summary>
public abstract class TransferContract<TStore> : IAsyncLifetime
    where TStore : ITestStore, new()
{
    private readonly List<TStore> _data = [];
    private readonly List<StoreUnderTest> _opened = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("worker-transfer-");

    /// <summary>How many random exports are carried round.</summary>
    protected virtual int Exports => 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The hand-made export in <c>Data</c>.</summary>
    internal static string HandMade => Path.Combine(AppContext.BaseDirectory, "Data", "humanloop-export");

    [Fact]
    public async Task What_was_made_by_hand_comes_round_the_same()
    {
        var counts = await ComesRoundAsync(HandMade);

        (counts.Files, counts.Versions, counts.Logs, counts.Verdicts, counts.Skipped).ShouldBe((5, 8, 13, 7, 0));
        (counts.Datasets, counts.Evaluations, counts.Agents, counts.AgentLogs, counts.Credentials).ShouldBe((1, 1, 1, 1, 7));
    }

    [Fact]
    public async Task What_was_made_at_random_comes_round_the_same()
    {
        var number = 0;
        foreach (var files in Gen.Sample(GeneratedExport.Files(), Exports).ToList())
        {
            var folder = Path.Combine(_folder.FullName, $"{number++}");
            GeneratedExport.Write(folder, files);
            (await ComesRoundAsync(folder)).Skipped.ShouldBe(0);
        }
    }

    /// <summary>Import, export, and import into an empty store; each import made twice.</summary>
    private async Task<Worker.Transfer.ImportCounts> ComesRoundAsync(string export)
    {
        var (first, second) = (await WorldAsync(), await WorldAsync());
        var counts = await first.ImportAsync(export);
        first.Faults.ShouldBeEmpty();
        var before = await Snapshot.OfAsync(first);
        before.Count.ShouldBeGreaterThan(4);
        await first.ImportAsync(export);
        (await Snapshot.OfAsync(first)).ShouldBe(before);

        var written = Path.Combine(_folder.FullName, $"{Guid.NewGuid():n}");
        await first.ExportAsync(written);
        await second.ImportAsync(written);
        second.Faults.ShouldBeEmpty();
        var after = await Snapshot.OfAsync(second);
        after.Keys.ShouldBe(before.Keys);
        foreach (var (what, shown) in before)
            (after[what] == shown).ShouldBeTrue($"{what}\nwas {shown}\nis  {after[what]}");
        await foreach (var page in second.Store.Listing.AllAsync(Cancellation))
            page.Where(log => log.Kind != LogKind.Evaluator).ShouldAllBe(log => log.IsHistory);
        return counts;
    }

    private async Task<TransferWorld> WorldAsync()
    {
        var data = new TStore();
        _data.Add(data);
        var store = await data.OpenAsync(Cancellation);
        _opened.Add(store);
        return new(store, new FakeTimeProvider(Some.Time.AddYears(1)));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
        foreach (var data in _data)
            await data.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
