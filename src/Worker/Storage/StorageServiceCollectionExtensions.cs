using Microsoft.Extensions.Options;
using Worker.Storage.MongoDb;
using Worker.Storage.Sqlite;

namespace Worker.Storage;

internal static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// How long one call waits for another process's transaction; <see cref="StoreResilience"/> then tries again.
    /// </summary>
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The embedded store as every storage port. Needs <see cref="StorageOptions"/>, a clock and logging.
    /// </summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services) => services
        .AddLocalFile()
        .AddSingleton<ILogStore, SqliteLogStore>()
        .AddSingleton<ILogListing, SqliteLogListing>()
        .AddSingleton<ITextIndex, SqliteTextIndex>()
        .AddSingleton<ITraceStore, SqliteTraceStore>()
        .AddSingleton<IFileStore, SqliteFileStore>()
        .AddSingleton<IFileListing, SqliteFileListing>()
        .AddSingleton<IMonitoringStore, SqliteMonitoringStore>()
        .AddSingleton<IRunStore, SqliteRunStore>()
        .AddSingleton<IAttemptStore, SqliteAttemptStore>()
        .AddSingleton<IEvaluatorLogStore, SqliteEvaluatorLogStore>()
        .AddSingleton<IPostedVerdictStore, SqlitePostedVerdictStore>()
        .AddSingleton<IPoisonStore, SqlitePoisonStore>()
        .AddSingleton<IBudgetStore, SqliteBudgetStore>()
        .AddSingleton<IAlertStore, SqliteAlertStore>()
        .AddSingleton<IVerdictListing, SqliteVerdictListing>()
        .AddSingleton<IAgeListing, SqliteAgeListing>()
        .AddSingleton<IRemovalStore, SqliteRemovalStore>()
        .AddSingleton<IPinStore, SqlitePinStore>()
        .AddSingleton<IAuditStore, SqliteAuditStore>()
        .AddSingleton<IWorkerStore, SqliteWorkerStore>()
        .AddSingleton<ISpace, SqliteSpace>()
        .AddSingleton<IBackup, SqliteBackup>()
        .AddSingleton<IKeyStore, SqliteKeyStore>();

    /// <summary>
    /// MongoDB as every storage port but the space, which a server sees to by itself, an index of texts, which it does
    /// not have by pieces of words, and the inbox and the dead letters: these are for a worker without a broker, which
    /// is alone, and are local then. Needs a clock. Connects when it is first used.
    /// </summary>
    public static IServiceCollection AddMongoStore(this IServiceCollection services, MongoAddress address) => services
        .AddSingleton(provider => new MongoDatabase(
            address,
            provider.GetRequiredService<TimeProvider>(),
            metrics: provider.GetService<StoreMetrics>()))
        .AddSingleton<IStore, MongoStore>()
        .AddSingleton<ISchema, MongoSchema>()
        .AddSingleton<ILogStore, MongoLogStore>()
        .AddSingleton<ILogListing, MongoLogListing>()
        .AddSingleton<ITraceStore, MongoTraceStore>()
        .AddSingleton<IFileStore, MongoFileStore>()
        .AddSingleton<IFileListing, MongoFileListing>()
        .AddSingleton<IMonitoringStore, MongoMonitoringStore>()
        .AddSingleton<IRunStore, MongoRunStore>()
        .AddSingleton<IAttemptStore, MongoAttemptStore>()
        .AddSingleton<IEvaluatorLogStore, MongoEvaluatorLogStore>()
        .AddSingleton<IPostedVerdictStore, MongoPostedVerdictStore>()
        .AddSingleton<IPoisonStore, MongoPoisonStore>()
        .AddSingleton<IBudgetStore, MongoBudgetStore>()
        .AddSingleton<IAlertStore, MongoAlertStore>()
        .AddSingleton<IVerdictListing, MongoVerdictListing>()
        .AddSingleton<IAgeListing, MongoAgeListing>()
        .AddSingleton<IRemovalStore, MongoRemovalStore>()
        .AddSingleton<IPinStore, MongoPinStore>()
        .AddSingleton<IAuditStore, MongoAuditStore>()
        .AddSingleton<IWorkerStore, MongoWorkerStore>()
        .AddSingleton<IKeyStore, MongoKeyStore>();

    /// <summary>
    /// The SQLite file under <c>Storage:Path</c>, and in it what is local wherever the Logs are: the inbox, and dead
    /// letters without a broker.
    /// </summary>
    public static IServiceCollection AddLocalFile(this IServiceCollection services) => services
        .AddLocalInbox()
        .AddSingleton<IStore, SqliteStore>()
        .AddSingleton<IDeadLetterStore, SqliteDeadLetterStore>();

    /// <summary>
    /// The inbox alone, for any number of processes; the file is made by the first message.
    /// </summary>
    public static IServiceCollection AddLocalInbox(this IServiceCollection services) => services
        .AddSingleton(provider => new SqliteDatabase(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Path,
            BusyTimeout,
            provider.GetRequiredService<ILogger<SqliteDatabase>>(),
            provider.GetService<StoreMetrics>(),
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Migrate))
        .AddSingleton<ISchema, SqliteSchemaSteps>()
        .AddSingleton<IInbox, SqliteInbox>();
}
