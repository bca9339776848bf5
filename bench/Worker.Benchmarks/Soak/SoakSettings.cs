namespace Worker.Benchmarks.Soak;

/// <summary>What a soak is asked for.</summary>
/// <param name="Length">How long messages are published; what they lead to is waited for afterwards.</param>
/// <param name="Seed">Makes the same messages and the same schedule of faults again, not their timing.</param>
/// <param name="Rate">Messages a second, on the average.</param>
/// <param name="Restart">The servers are those of <c>eng/servers.sh</c>, and may be restarted.</param>
internal sealed record SoakSettings(StoreKind Store, TimeSpan Length, int Seed, int Rate, bool Restart)
{
    /// <summary>Workers on a server share it; a file has one.</summary>
    public int Workers => Store == StoreKind.Mongo ? 2 : 1;

    /// <summary>How long retention leaves those traces that it takes.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    /// <summary>What a worker is told besides where its servers are.</summary>
    public static readonly IReadOnlyDictionary<string, string> Worker = new Dictionary<string, string>
    {
        ["Front:Enabled"] = "false",
        ["Evaluation:Lease"] = "00:00:05",
        ["Retention:Interval"] = "00:00:02",
        ["Retention:Rules:soak:After"] = Age.ToString("c"),
        ["Retention:Rules:soak:Path"] = SoakTraffic.AgedPath + "/**",
    };
}
