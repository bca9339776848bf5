using System.Runtime.CompilerServices;

namespace Worker.IntegrationTests.Support;

/// <summary>As <see cref="RabbitMqFactAttribute"/>, for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqTheoryAttribute : TheoryAttribute
{
    public RabbitMqTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = TestServers.RabbitMqMissing;
        SkipType = typeof(TestServers);
        SkipUnless = nameof(TestServers.HasRabbitMq);
    }
}
