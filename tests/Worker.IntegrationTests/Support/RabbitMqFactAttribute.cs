using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Worker.IntegrationTests.Support;

/// <summary>A test that needs RabbitMQ; skipped with a sentence that says how to get one where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqFactAttribute : FactAttribute, ITraitAttribute
{
    public RabbitMqFactAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = TestServers.RabbitMqMissing;
        SkipType = typeof(TestServers);
        SkipUnless = nameof(TestServers.HasRabbitMq);
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => TestServers.NeedsRabbitMq;
}
