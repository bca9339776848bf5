using Shouldly;
using Worker.Traces;
using Xunit;

namespace Worker.Testing;

/// <summary>What <see cref="Storage.ILogStore"/> promises.</summary>
public abstract class LogStoreContract : StoreContract
{
    [Fact]
    public async Task A_written_log_is_read_again_with_its_version_one_higher()
    {
        var log = Some.Log("a", parent: "p", fields: [(Fields.Output, "\"42\"")]);
        var store = await OpenAsync();

        var result = await store.Logs.WriteAsync([log], Cancellation);

        result.Lost.ShouldBeEmpty();
        result.TooLarge.ShouldBeEmpty();
        var read = await store.Logs.ReadAsync(["a", "b"], Cancellation);
        read.Keys.ShouldBe(["a"]);
        read["a"].ShouldBeLog(log with { Version = 1 });
    }
}
