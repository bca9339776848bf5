using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Worker.IntegrationTests.Support;

/// <summary>As <see cref="RabbitMqFactAttribute"/>, for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    public RabbitMqTheoryAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = TestServers.RabbitMqMissing;
        SkipType = typeof(TestServers);
        SkipUnless = nameof(TestServers.HasRabbitMq);
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => TestServers.NeedsRabbitMq;
}
