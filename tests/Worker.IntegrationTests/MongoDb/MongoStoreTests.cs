using Worker.Errors;
using Worker.IntegrationTests.Support;
using Worker.Storage.MongoDb;
using Worker.Testing;
using Worker.Traces;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>What MongoDB alone has to show, beside the contracts.</summary>
public sealed class MongoStoreTests : IAsyncLifetime
{
    private readonly MongoTestStore _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [MongoFact]
    public async Task A_log_that_grows_past_the_limit_refuses_the_message_that_made_it_so_and_no_other()
    {
        var store = await _database.OpenAsync(Cancellation);
        var ingestion = new TestIngestion(store, TimeProvider.System);

        // Each number takes two bytes of a message and twelve of a document.
        var numbers = $"{{\"n\":[{string.Join(',', Enumerable.Repeat('1', 490_000))}]}}";
        await ingestion.SendAsync(
            ("tool.logged", $"{{\"log_id\":\"grows\",\"inputs\":{numbers}}}"),
            ("tool.logged", $"{{\"log_id\":\"grows\",\"provider_request\":{numbers}}}"),
            ("tool.logged", """{"log_id":"neighbour"}"""),
            ("tool.logged", $"{{\"log_id\":\"grows\",\"provider_response\":{numbers}}}"),
            ("tool.logged", """{"log_id":"grows","output":"after"}"""));

        ingestion.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe("too_large");
        var logs = await store.Logs.ReadAsync(["grows", "neighbour"], Cancellation);
        logs.Keys.ShouldBe(["grows", "neighbour"], ignoreOrder: true);
        logs["grows"].Text(LogFields.Output).ShouldBe("after");
        logs["grows"][LogFields.Inputs].ShouldNotBeNull();
        logs["grows"][LogFields.ProviderResponse].ShouldBeNull();
    }

    [MongoFact]
    public async Task A_database_of_a_later_version_is_left_alone()
    {
        await _database.OpenAsync(Cancellation);
        using var database = _database.Connect();
        await database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Replace("schema", MongoFilter.Id("schema"), new("version", 99))],
            Cancellation);

        (await Should.ThrowAsync<StoreUnusableException>(() => _database.OpenAsync(Cancellation))).Message.ShouldContain("later version");
    }
}
