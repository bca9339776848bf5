using Worker.Errors;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.MongoDb;

/// <summary>
/// What is taken from a connection string; the rest of what may go wrong stands in <c>FaultReportTests</c> and
/// <c>MongoDatabaseTests</c>.
/// </summary>
public sealed class MongoAddressTests
{
    [Theory]
    [InlineData("mongodb://host", "worker", "MongoDB at host:27017, database worker")]
    [InlineData("mongodb://host:27018/", "worker", "MongoDB at host:27018, database worker")]
    [InlineData(
        "mongodb://ann:s%3Acret@a:1,b:2/logs?replicaSet=rs&authSource=admin",
        "logs",
        "MongoDB at a:1,b:2, database logs")]
    [InlineData(
        "mongodb+srv://ann:secret@cluster.example.com/?w=1",
        "worker",
        "MongoDB at cluster.example.com, database worker")]
    [InlineData("mongodb://ann:p%40ss@host/my%20logs", "my logs", "MongoDB at host:27017, database my logs")]
    [InlineData(
        "mongodb://[::1]:27017,[fe80::2]/", "worker", "MongoDB at [::1]:27017,[fe80::2]:27017, database worker")]
    [InlineData("mongodb://ann@host/?appName=a@b", "worker", "MongoDB at host:27017, database worker")]
    public void An_address_names_hosts_and_database_and_no_secret(
        string connectionString, string database, string description)
    {
        var address = MongoAddress.Parse(connectionString);

        address.Database.ShouldBe(database);
        address.Description.ShouldBe(description);
        address.ToString().ShouldBe(description);
    }

    [Theory]
    [InlineData("host:27017")]
    [InlineData("http://host")]
    [InlineData("mongodb://")]
    [InlineData("mongodb:///worker")]
    [InlineData("mongodb://host,")]
    [InlineData("mongodb://host:0")]
    [InlineData("mongodb://host:65536")]
    [InlineData("mongodb://[::1")]
    [InlineData("mongodb://@host")]
    [InlineData("mongodb://:secret@host")]
    [InlineData("mongodb://ann:s@cret@host")]
    [InlineData("mongodb://ann:s:cret@host")]
    [InlineData("mongodb://ann:s/cret@host")]
    [InlineData("mongodb://ann:12345/cret@host")]
    public void What_is_no_connection_string_is_told(string connectionString)
    {
        Should.Throw<StoreUnusableException>(() => MongoAddress.Parse(connectionString)).Message.ShouldContain(
            "mongodb://user:password@host:27017/worker");
    }

    [Fact]
    public void What_the_string_does_not_say_is_chosen_and_what_it_says_stands()
    {
        using var chosen = MongoAddress.Parse("mongodb://host").Connect();
        using var given = MongoAddress.Parse(
            "mongodb://ann:x@host/?replicaSet=rs0&authSource=users&tls=true&maxPoolSize=3&SOCKETTIMEOUTMS=7000&serverSelectionTimeout=9s&appName=mine&retryWrites=false").Connect();

        chosen.Settings.MaxConnectionPoolSize.ShouldBe(16);
        chosen.Settings.SocketTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        chosen.Settings.ServerSelectionTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        chosen.Settings.ApplicationName.ShouldBe("worker");
        chosen.Settings.RetryWrites.ShouldBeTrue();
        given.Settings.MaxConnectionPoolSize.ShouldBe(3);
        given.Settings.SocketTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        given.Settings.ServerSelectionTimeout.ShouldBe(TimeSpan.FromSeconds(9));
        given.Settings.ConnectTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        given.Settings.ApplicationName.ShouldBe("mine");
        given.Settings.RetryWrites.ShouldBeFalse();
        given.Settings.ReplicaSetName.ShouldBe("rs0");
        given.Settings.UseTls.ShouldBeTrue();
        given.Settings.Credential.Source.ShouldBe("users");
    }
}
