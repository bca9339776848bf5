using System.Runtime.CompilerServices;

namespace Worker.IntegrationTests.Support;

/// <summary>As <see cref="MongoFactAttribute"/>, for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MongoTheoryAttribute : TheoryAttribute
{
    public MongoTheoryAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = TestServers.MongoDbMissing;
        SkipType = typeof(TestServers);
        SkipUnless = nameof(TestServers.HasMongoDb);
    }
}
