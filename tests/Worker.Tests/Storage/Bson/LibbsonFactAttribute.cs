using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Worker.Storage.MongoDb;
using Xunit;

namespace Worker.Tests.Storage.Bson;

/// <summary>A test that needs libbson; skipped with a sentence that says how to get it where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibbsonFactAttribute : FactAttribute
{
    public LibbsonFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = "Needs libbson: install libmongoc-1.0-0, or run ./test.sh.";
        SkipType = typeof(LibbsonFactAttribute);
        SkipUnless = nameof(HasLibbson);
    }

    public static bool HasLibbson { get; } = NativeLibrary.TryLoad(LibMongoc.Bson, out _);
}
