using MongoDB.Bson;
using Driver = MongoDB.Driver;

namespace Worker.Storage.MongoDb;

/// <summary>MongoDB.Driver, for builds with <c>-p:MongoChannel=managed</c>: the same commands through its <c>RunCommandAsync</c>.</summary>
internal sealed class ManagedMongoChannel(string connectionString) : IMongoChannel
{
    private readonly Lock _opening = new();
    private Driver.MongoClient? _client;

    public async Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        try
        {
            var request = new Driver.BsonDocumentCommand<RawBsonDocument>(new RawBsonDocument(command.ToArray()));
            using var reply = await Client().GetDatabase(database).RunCommandAsync(request, cancellationToken: cancellationToken);
            return reply.ToBson();
        }
        catch (Driver.MongoCommandException error) when (error.Result is not null)
        {
            // Not done, or not by a majority: the reply says which, as it does on any channel.
            return error.Result.ToBson();
        }
        catch (Exception error) when (FaultOf(error) is { } fault)
        {
            throw new MongoException(fault, (error as Driver.MongoExecutionTimeoutException)?.Code ?? 0, error.Message, (error as Driver.MongoException)?.ErrorLabels.ToList(), error);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MongoFault? FaultOf(Exception error) => error switch
    {
        Driver.MongoIncompatibleDriverException => MongoFault.Incompatible,
        Driver.MongoAuthenticationException => MongoFault.Credentials,
        Driver.MongoExecutionTimeoutException => MongoFault.Server,
        Driver.MongoConnectionException or Driver.MongoConnectionPoolPausedException or Driver.MongoWaitQueueFullException or IOException => MongoFault.Network,
        TimeoutException => MongoFault.NoServer,
        Driver.MongoException => MongoFault.Driver,
        _ => null,
    };

    private Driver.MongoClient Client()
    {
        lock (_opening)
            return _client ??= new(Settings());
    }

    private Driver.MongoClientSettings Settings()
    {
        try
        {
            // Read alone first: what fails after it is the look-up of the hosts behind a mongodb+srv name.
            _ = new Driver.MongoUrl(connectionString);
        }
        catch (Exception error) when (error is Driver.MongoConfigurationException or FormatException or ArgumentException)
        {
            throw new MongoException(MongoFault.ConnectionString, 0, "The driver does not read the connection string.");
        }

        try
        {
            var settings = Driver.MongoClientSettings.FromConnectionString(connectionString);
            if (!connectionString.Contains("serverSelectionTimeoutMS=", StringComparison.OrdinalIgnoreCase))
                settings.ServerSelectionTimeout = TimeSpan.FromSeconds(5);
            if (!connectionString.Contains("socketTimeoutMS=", StringComparison.OrdinalIgnoreCase))
                settings.SocketTimeout = TimeSpan.FromSeconds(30);
            return settings;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new MongoException(MongoFault.NoServer, 0, "The hosts behind its name were not found.", innerException: error);
        }
    }
}
