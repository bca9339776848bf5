using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Worker.Testing.Fuzz;

/// <summary>
/// Sends generated chunks the whole way, each from a seed of its own. <c>WORKER_TEST_FUZZ_SEED</c> says where to begin
/// (a failure names its chunk's, which is then the first), <c>WORKER_TEST_FUZZ_CASES</c> how many messages to send.
/// </summary>
internal static class FuzzRun
{
    private const int ChunkSize = 25;
    private const int Size = 10;

    /// <summary>Fails when nothing was stored, or nothing refused, too: then it has not tried what it says.</summary>
    /// <returns>What was sent, as a sentence.</returns>
    public static async Task<string> GoAsync(StoreUnderTest store, int cases, CancellationToken cancellationToken)
    {
        cases = Setting("WORKER_TEST_FUZZ_CASES") is { } count ? (int)count : cases;
        var first = Setting("WORKER_TEST_FUZZ_SEED") ?? (ulong)Random.Shared.NextInt64(1_000_000_000);
        await using var way = new WholeWay(store);
        for (var seed = first; seed < first + (ulong)((cases + ChunkSize - 1) / ChunkSize); seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (ids, deliveries) = Chunk(seed);
            try
            {
                await way.GoAsync(ids, deliveries);
            }
            catch (Exception fault)
            {
                throw new FuzzException(seed, await CulpritsAsync(ids, deliveries, fault), fault);
            }
        }

        await way.VerifyAsync();
        way.Count.Stored.ShouldBePositive();
        way.Count.Refused.ShouldBePositive();
        return $"From seed {first} on, {way.Count.Stored} messages were stored and {way.Count.Refused} refused.";
    }

    public static (HostileIds Ids, HostileDelivery[] DeliveryReader) Chunk(ulong seed)
    {
        var ids = new HostileIds($"c{seed}-good", $"c{seed}-shared", $"c{seed}-flow");
        var deliveries = Gen.CollectToArray(
            Enumerable.Range(0, ChunkSize).Select(i => HostileDelivery.Of(ids with { Own = $"c{seed}-{i}-" })));
        return (ids, Gen.Sample(deliveries, 1, new Rnd(seed, 1), Size).Single());
    }

    /// <summary>
    /// As few of the messages as fail so in memory, too; none where it takes the store, or what came before.
    /// </summary>
    private static async Task<IReadOnlyList<HostileDelivery>> CulpritsAsync(
        HostileIds ids, IReadOnlyList<HostileDelivery> deliveries, Exception fault)
    {
        if (!await FailsAsync(deliveries))
            return [];
        foreach (var delivery in deliveries)
        {
            var others = deliveries.Where(other => other != delivery).ToList();
            if (await FailsAsync(others))
                deliveries = others;
        }

        return deliveries;

        async Task<bool> FailsAsync(IReadOnlyList<HostileDelivery> some)
        {
            await using var way = new WholeWay(StoreUnderTest.Of(new InMemoryStore()));
            try
            {
                await way.GoAsync(ids, some);
                return false;
            }
            catch (Exception again) when (again.GetType() == fault.GetType())
            {
                return true;
            }
        }
    }

    private static ulong? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
