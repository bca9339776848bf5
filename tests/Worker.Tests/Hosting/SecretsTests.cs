using Microsoft.Extensions.Configuration;
using Worker.Hosting;

namespace Worker.Tests.Hosting;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("amqp://ann:top-s3cret@host", "The driver says: amqp://ann:top-s3cret@host:5672/ is bad.")]
    [InlineData("amqp://ann:top-s3cret@host", "user ann:top-s3cret is unknown")]
    [InlineData("amqp://ann:top-s3cret@host", "password 'top-s3cret'")]
    [InlineData("amqp://ann:top%2Ds3cret@host", "password 'top-s3cret', which was top%2Ds3cret")]
    [InlineData("mongodb://ann:top-s3cret@a,b/?appName=x@y", "(top-s3cret)")]
    [InlineData("mongodb://ann:p@top-s3cret@host", "p@top-s3cret")]
    [InlineData("mongodb://ann:with top-s3cret@host", "mongodb://ann:with top-s3cret@host")]
    [InlineData("", "rabbitmq+x://:top-s3cret@host and mongodb+srv://ann:top/s3cret-top-s3cret@host?x")]
    public void What_is_configured_is_hidden_however_it_is_repeated(string connectionString, string text)
    {
        foreach (var name in new[] { "RabbitMq", "MongoDb" })
            Of(name, connectionString).Hide(text).ShouldNotContain("top-s3cret");
    }

    [Theory]
    [InlineData("mongodb://worker:worker@host", "worker verify failed on database worker.")]
    [InlineData("amqp://guest:guest@host", "The user guest is refused.")]
    [InlineData("amqp://ann:ed@host", "It ended.")]
    [InlineData("amqp://ann:code@host", "It decoded nothing.")]
    [InlineData("not an address", "not an address")]
    [InlineData("mongodb://ann:secret@host", "It takes amqp://user:password@host:5672/vhost.")]
    public void Words_that_only_look_alike_stay(string connectionString, string text) =>
        Of("MongoDb", connectionString).Hide(text).ShouldBe(text);

    [Fact]
    public void The_secrets_of_webhooks_are_hidden_and_not_the_paths_of_their_files()
    {
        var secrets = Secrets.From(new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("Evaluation:Webhooks:Secrets:checks", "new-s3cret old-s3cret"),
                new("Evaluation:Webhooks:Secrets:checks_FILE", "/run/secrets/checks"),
            ]).Build());

        secrets.Hide("Signed with new-s3cret, before with 'old-s3cret', of /run/secrets/checks.")
            .ShouldBe("Signed with ***, before with '***', of /run/secrets/checks.");
    }

    private static Secrets Of(string name, string connectionString) =>
        Secrets.From(new ConfigurationBuilder().AddInMemoryCollection([new($"ConnectionStrings:{name}", connectionString)]).Build());
}
