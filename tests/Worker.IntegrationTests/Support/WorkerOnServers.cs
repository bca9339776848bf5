namespace Worker.IntegrationTests.Support;

/// <summary>The worker's process with a broker and a store of any kind.</summary>
internal static class WorkerOnServers
{
    extension(WorkerProcess)
    {
        /// <summary>One on that store, whatever it is.</summary>
        public static WorkerProcess Run(
            TestStorage storage, Uri broker, IReadOnlyDictionary<string, string> settings) =>
            WorkerProcess.Run(storage.Path, broker, WorkerProcess.Joined(storage.Settings, settings));

        public static Task<ProgramResult> CommandAsync(TestStorage storage, Uri broker, params string[] arguments) =>
            WorkerProcess.CommandAsync(storage.Path, broker, storage.Settings, arguments);

        /// <summary>What leads the program to that store and that broker.</summary>
        public static Dictionary<string, string> Environment(
            TestStorage storage, Uri broker, IReadOnlyDictionary<string, string> settings) =>
            WorkerProcess.Environment(storage.Path, broker, WorkerProcess.Joined(storage.Settings, settings));
    }

    /// <summary>Waits until it consumes.</summary>
    public static Task UntilReadyAsync(this WorkerProcess worker, BrokerClient broker) =>
        worker.UntilAsync("the worker consumes", () => broker.IsConsumedAsync(BrokerClient.IngestQueue));
}
