using System.Diagnostics;
using MongoDB.Bson;
using Worker.Errors;
using Worker.IntegrationTests.Support;
using Worker.Storage.MongoDb;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>The way to the server when it is not there, does not let one in, or is slow.</summary>
public sealed class MongoConnectionTests
{
    private const string Nobody = "mongodb://ann:secret@127.0.0.1:1/worker";

    private static readonly BsonDocument Ping = new("ping", 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [MongoFact]
    public async Task More_calls_than_there_are_connections_are_all_answered()
    {
        using var database = Connect(TestServers.MongoDb!);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => database.CommandAsync(Ping, Cancellation)));

        replies.ShouldAllBe(reply => reply["ok"] == 1);
    }

    [MongoFact]
    public async Task What_a_server_does_not_know_is_told_in_a_sentence()
    {
        using var database = Connect(TestServers.MongoDb!);

        (await Should.ThrowAsync<StoreUnusableException>(() => database.CommandAsync(new("nonsense", 1), Cancellation))).IsServersFault.ShouldBeTrue();
    }

    [MongoFact]
    public async Task A_server_that_is_not_there_is_unavailable_after_seconds_and_named_without_the_password()
    {
        var began = Stopwatch.GetTimestamp();

        var told = (await Should.ThrowAsync<StoreUnavailableException>(() => PrepareAsync(Nobody))).ToString();

        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        told.ShouldContain("127.0.0.1:1, database worker");
        told.ShouldNotContain("secret");
    }

    [MongoFact]
    public async Task A_host_that_nobody_knows_is_unavailable()
    {
        await Should.ThrowAsync<StoreUnavailableException>(() => PrepareAsync("mongodb://nobody.invalid/worker"));
        await Should.ThrowAsync<StoreUnavailableException>(
            () => PrepareAsync("mongodb+srv://cluster.nobody.invalid/worker"));
    }

    [MongoFact]
    public async Task Credentials_that_are_refused_are_told_without_the_password()
    {
        var server = TestServers.MongoDb!;
        Assert.SkipUnless(
            server.Contains('@', StringComparison.Ordinal),
            "WORKER_TEST_MONGODB names a server that lets everyone in.");
        var hosts = server[(server.LastIndexOf('@') + 1)..];

        var told = (await Should.ThrowAsync<StoreUnusableException>(() => PrepareAsync($"mongodb://worker:wrongsecret@{hosts}"))).ToString();

        told.ShouldContain("refused the credentials");
        told.ShouldNotContain("wrongsecret");
    }

    [MongoFact]
    public async Task A_connection_string_that_is_none_is_told_without_the_password()
    {
        var told = (await Should.ThrowAsync<StoreUnusableException>(() => PrepareAsync("mongodb://ann:sec@ret:x@host:port/?tls=perhaps"))).ToString();

        told.ShouldContain("percent-encoded");
        told.ShouldNotContain("sec");
    }

    [MongoFact]
    public async Task A_call_that_is_cancelled_ends_at_once()
    {
        using var database = Connect(Nobody);
        using var cancellation = new CancellationTokenSource();
        var call = database.CommandAsync(Ping, cancellation.Token);
        var began = Stopwatch.GetTimestamp();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    private static MongoDatabase Connect(string connectionString) =>
        new(MongoAddress.Parse(connectionString), TimeProvider.System);

    private static async Task PrepareAsync(string connectionString)
    {
        using var database = Connect(connectionString);
        await new MongoStore(database).PrepareAsync(Cancellation);
    }
}
