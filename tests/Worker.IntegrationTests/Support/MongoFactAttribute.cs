using System.Runtime.CompilerServices;

namespace Worker.IntegrationTests.Support;

/// <summary>A test that needs MongoDB; skipped with a sentence that says how to get one where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MongoFactAttribute : FactAttribute
{
    public MongoFactAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = TestServers.MongoDbMissing;
        SkipType = typeof(TestServers);
        SkipUnless = nameof(TestServers.HasMongoDb);
    }
}
