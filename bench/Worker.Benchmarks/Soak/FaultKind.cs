namespace Worker.Benchmarks.Soak;

/// <summary>What is done to the workers and their servers.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL, and begun again.</summary>
    Kill,

    /// <summary>SIGTERM, as in a deployment, and begun again.</summary>
    Stop,

    BrokerAway,

    StoreAway,
}
