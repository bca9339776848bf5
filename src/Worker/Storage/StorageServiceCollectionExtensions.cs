using Microsoft.Extensions.Options;
using Worker.Storage.MongoDb;
using Worker.Storage.Sqlite;

namespace Worker.Storage;

internal static class StorageServiceCollectionExtensions
{
    /// <summary>How long one call waits for another process's transaction; <see cref="StoreResilience"/> then tries again.</summary>
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The embedded store as every storage port, and how calls to it are tried again. Needs <see cref="StorageOptions"/>, a clock and logging.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services) => services
        .AddSingleton(provider => new SqliteDatabase(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Path,
            BusyTimeout,
            provider.GetRequiredService<ILogger<SqliteDatabase>>()))
        .AddSingleton<IStore, SqliteStore>()
        .AddSingleton<ILogStore, SqliteLogStore>()
        .AddSingleton<ITraceStore, SqliteTraceStore>()
        .AddSingleton<IFileStore, SqliteFileStore>()
        .AddSingleton<IRunStore, SqliteRunStore>()
        .AddSingleton<IAttemptStore, SqliteAttemptStore>()
        .AddSingleton<IEvaluatorLogStore, SqliteEvaluatorLogStore>()
        .AddSingleton<IInbox, SqliteInbox>()
        .AddSingleton<IDeadLetterStore, SqliteDeadLetterStore>()
        .AddSingleton<IPoisonStore, SqlitePoisonStore>()
        .AddSingleton<StoreResilience>();

    /// <summary>MongoDB as every storage port, and how calls to it are tried again. Needs a clock. Connects when it is first used.</summary>
    public static IServiceCollection AddMongoStore(this IServiceCollection services, MongoAddress address) => services
        .AddSingleton(provider => new MongoDatabase(MongoChannel.Of(address, provider.GetRequiredService<TimeProvider>()), address, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IStore, MongoStore>()
        .AddSingleton<ILogStore, MongoLogStore>()
        .AddSingleton<ITraceStore, MongoTraceStore>()
        .AddSingleton<IFileStore, MongoFileStore>()
        .AddSingleton<IRunStore, MongoRunStore>()
        .AddSingleton<IAttemptStore, MongoAttemptStore>()
        .AddSingleton<IEvaluatorLogStore, MongoEvaluatorLogStore>()
        .AddSingleton<IInbox, MongoInbox>()
        .AddSingleton<IDeadLetterStore, MongoDeadLetterStore>()
        .AddSingleton<IPoisonStore, MongoPoisonStore>()
        .AddSingleton<StoreResilience>();
}
