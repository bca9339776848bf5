namespace Worker.Client;

/// <summary>
/// Where Logs go, and what may be held until they are there. Read once, when the client is made; what is out of bounds
/// throws <see cref="ArgumentException"/> then.
/// </summary>
public sealed class WorkerClientOptions
{
    /// <summary>
    /// The broker: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps</c>, where the server has to show a
    /// certificate that the system trusts. Required.
    /// </summary>
    public string? RabbitMq { get; set; }

    /// <summary>What the broker's management page calls the connection. Default: <c>worker client</c>.</summary>
    public string ConnectionName { get; set; } = "worker client";

    /// <summary>
    /// Calls held in memory at most, those included that the broker has not confirmed yet; what comes above is dropped,
    /// and the call returns false. This is what a process that is killed loses at most. 100 to 10 000 000; default:
    /// 10 000.
    /// </summary>
    public int MaxMemoryMessages { get; set; } = 10_000;

    /// <summary>
    /// The bytes of their bodies at most; at least four times <see cref="MaxMessageBytes"/>. Default: 64 MiB.
    /// </summary>
    public long MaxMemoryBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// Bytes of one message at most; a larger one is dropped. 1 KiB to 16 MiB, and no more than the broker's own
    /// <c>max_message_size</c>, above which it would take nothing. Default: 1 MiB, which is what a worker takes unless
    /// its <c>Ingestion:MaxMessageBytes</c> says otherwise.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The folder that holds what the broker does not take, on a disk that outlives the process; made where it is
    /// missing. Processes may share it. Default: <c>worker-client</c> in the user's folder for application data. Empty:
    /// nothing is written to disk.
    /// </summary>
    public string SpoolPath { get; set; } = DefaultSpoolPath();

    /// <summary>
    /// Bytes that this client writes there at most. Above it, calls wait in memory. 1 MiB and more; default: 256 MiB.
    /// </summary>
    public long MaxSpoolBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// How long the broker may take to confirm before it counts as away, and what was sent is kept to be sent again.
    /// 100 ms to 5 minutes; default: 10 s.
    /// </summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long disposal, or the end of the host, goes on sending. What is left then is written to the spool. 0 to 5
    /// minutes; default: 5 s.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal void Validate()
    {
        _ = BrokerAddress.Parse(RabbitMq);
        Require(!string.IsNullOrWhiteSpace(ConnectionName), nameof(ConnectionName), "a name");
        Require(MaxMemoryMessages is >= 100 and <= 10_000_000, nameof(MaxMemoryMessages), "100 to 10000000");
        Require(MaxMessageBytes is >= 1024 and <= 16 * 1024 * 1024, nameof(MaxMessageBytes), "1024 to 16777216");
        Require(MaxMemoryBytes >= 4L * MaxMessageBytes, nameof(MaxMemoryBytes), "four times MaxMessageBytes and more");
        Require(SpoolPath is not null, nameof(SpoolPath), "a folder, or an empty text");
        Require(MaxSpoolBytes >= 1024 * 1024, nameof(MaxSpoolBytes), "1048576 and more");
        Require(
            ConfirmTimeout >= TimeSpan.FromMilliseconds(100) && ConfirmTimeout <= TimeSpan.FromMinutes(5),
            nameof(ConfirmTimeout),
            "00:00:00.1 to 00:05:00");
        Require(
            DrainTimeout >= TimeSpan.Zero && DrainTimeout <= TimeSpan.FromMinutes(5),
            nameof(DrainTimeout),
            "00:00:00 to 00:05:00");
    }

    private static void Require(bool isGiven, string name, string accepted)
    {
        if (!isGiven)
            throw new ArgumentException($"{nameof(WorkerClientOptions)}.{name} accepts {accepted}.");
    }

    /// <summary>Empty where the user has no such folder, as in some containers.</summary>
    private static string DefaultSpoolPath()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return folder.Length == 0 ? "" : Path.Combine(folder, "worker-client");
    }
}
