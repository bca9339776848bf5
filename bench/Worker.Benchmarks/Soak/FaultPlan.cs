namespace Worker.Benchmarks.Soak;

/// <summary>
/// The schedule of faults: the same for the same seed. Processes are ended in the first 60 % of the time, every kind of
/// fault as often as another; from then on only servers go away, so that each worker has one long life by which to
/// judge its memory.
/// </summary>
internal static class FaultPlan
{
    private const double Lethal = 0.6;

    public static IReadOnlyList<PlannedFault> Make(int seed, TimeSpan length, int workers)
    {
        var random = new Random(seed);
        List<PlannedFault> plan = [];
        Queue<FaultKind> deck = [];
        for (var at = Seconds(4, 6); at < length - TimeSpan.FromSeconds(3);)
        {
            var lethal = at < length * Lethal;
            if (deck.Count == 0 || (!lethal && deck.Peek() < FaultKind.BrokerAway))
                deck = new(Deck(lethal));
            plan.Add(new(at, deck.Dequeue(), random.Next(workers), Seconds(1, 6), lethal && random.NextDouble() < 0.4));
            at += lethal ? Seconds(4, 12) : Seconds(12, 30);
        }

        return plan;

        TimeSpan Seconds(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least * 1000, most * 1000));

        FaultKind[] Deck(bool lethal)
        {
            FaultKind[] kinds = lethal ? Enum.GetValues<FaultKind>() : [FaultKind.BrokerAway, FaultKind.StoreAway];
            random.Shuffle(kinds);
            return kinds;
        }
    }
}
