using Shouldly;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Xunit;

namespace Worker.Tests.Storage.MongoDb;

public sealed class MongoErrorsTests
{
    [Theory]
    [InlineData(MongoFault.ConnectionString, "percent-encoded")]
    [InlineData(MongoFault.MissingDriver, "install libmongoc-1.0-0")]
    [InlineData(MongoFault.Credentials, "refused the credentials")]
    public void What_waiting_does_not_heal_says_what_to_do(object fault, string says)
    {
        Translate(new((MongoFault)fault, 11, "words")).ShouldBeOfType<StoreUnusableException>().Message.ShouldContain(says);
    }

    [Theory]
    [InlineData(MongoFault.NoServer, 0, "not reachable")]
    [InlineData(MongoFault.Network, 4, "broke")]
    [InlineData(MongoFault.Server, 10107, "code 10107")]
    public void What_passes_is_waited_for_and_named(object fault, int code, string says)
    {
        var told = Translate(new((MongoFault)fault, code, "words")).ShouldBeOfType<StoreUnavailableException>().Message;

        told.ShouldContain(says);
        told.ShouldContain("MongoDB at host");
    }

    [Theory]
    [InlineData(MongoFault.Credentials, 11)]
    [InlineData(MongoFault.Server, 13)]
    [InlineData(MongoFault.Server, 18)]
    public void Credentials_that_were_taken_once_may_be_taken_again(object fault, int code)
    {
        Translate(new((MongoFault)fault, code, "words")).ShouldBeOfType<StoreUnusableException>();
        MongoErrors.Translate(new((MongoFault)fault, code, "words"), "MongoDB at host", hasAnswered: true).ShouldBeOfType<StoreUnavailableException>();
    }

    [Fact]
    public void A_mistake_of_ours_stays_what_it_is_but_for_its_words()
    {
        var mistake = new MongoException(MongoFault.Server, 9, "words", ["label"]);

        var told = Translate(mistake).ShouldBeOfType<MongoException>();

        (told.Fault, told.Code, told.Labels, told.InnerException).ShouldBe((mistake.Fault, mistake.Code, mistake.Labels, mistake));
        told.Message.ShouldStartWith("MongoDB at host and the worker did not understand each other (code 9: words)");
    }

    [Theory]
    [InlineData(MongoFault.Incompatible, 15)]
    [InlineData(MongoFault.Server, 59)]
    [InlineData(MongoFault.Server, 303)]
    public void A_server_that_never_will_do_is_no_fault_of_the_configuration(object fault, int code)
    {
        var told = Translate(new((MongoFault)fault, code, "Words\nof the driver.")).ShouldBeOfType<StoreUnusableException>();

        told.IsServersFault.ShouldBeTrue();
        told.Message.ShouldStartWith("MongoDB at host is of a version or kind that the worker cannot use (Words of the driver): upgrade it");
    }

    [Theory]
    [InlineData("mongodb://host", "worker", "MongoDB at host, database worker")]
    [InlineData("mongodb://host:27018/", "worker", "MongoDB at host:27018, database worker")]
    [InlineData("mongodb://ann:s%3Acret@a:1,b:2/logs?replicaSet=rs&authSource=admin", "logs", "MongoDB at a:1,b:2, database logs")]
    [InlineData("mongodb+srv://ann:secret@cluster.example.com/?w=1", "worker", "MongoDB at cluster.example.com, database worker")]
    [InlineData("mongodb://ann:p%40ss@host/my%20logs", "my logs", "MongoDB at host, database my logs")]
    [InlineData("mongodb://[::1]:27017,[fe80::2]/", "worker", "MongoDB at [::1]:27017,[fe80::2], database worker")]
    [InlineData("mongodb://%2Frun%2Fmongodb.sock/logs", "logs", "MongoDB at /run/mongodb.sock, database logs")]
    [InlineData("mongodb://ann@host/?appName=a@b", "worker", "MongoDB at host, database worker")]
    public void An_address_names_hosts_and_database_and_no_secret(string connectionString, string database, string description)
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
    [InlineData("mongodb://ann:s?cret@host")]
    [InlineData("mongodb://ann:12345/cret@host")]
    public void What_is_no_connection_string_is_told(string connectionString)
    {
        Should.Throw<StoreUnusableException>(() => MongoAddress.Parse(connectionString)).Message.ShouldContain("mongodb://user:password@host:27017/worker");
    }

    private static Exception Translate(MongoException error) => MongoErrors.Translate(error, "MongoDB at host", hasAnswered: false);
}
