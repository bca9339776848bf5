using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Worker.IntegrationTests.Support;

/// <summary>
/// A test of server mode, which needs RabbitMQ and MongoDB; skipped with a sentence where one is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerFactAttribute : FactAttribute, ITraitAttribute
{
    public ServerFactAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = TestServers.HasRabbitMq ? TestServers.MongoDbMissing : TestServers.RabbitMqMissing;
        SkipType = typeof(TestServers);
        SkipUnless = nameof(TestServers.HasBoth);
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => TestServers.NeedsRabbitMq;
}
