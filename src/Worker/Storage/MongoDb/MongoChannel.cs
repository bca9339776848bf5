namespace Worker.Storage.MongoDb;

/// <summary>The driver that this build speaks to MongoDB through: the C driver, or with <c>-p:MongoChannel=managed</c> MongoDB.Driver.</summary>
internal static class MongoChannel
{
    /// <summary>Connects when it is first used.</summary>
    public static IMongoChannel Of(MongoAddress address, TimeProvider time) =>
#if MANAGED_MONGO_CHANNEL
        new ManagedMongoChannel(address.ConnectionString);
#else
        new LibMongocChannel(address.ConnectionString, time);
#endif
}
