using System.Runtime.CompilerServices;

namespace Worker.BrowserTests.Support;

/// <summary>A test in a browser; skipped with a sentence that says how to get one where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = Chromium.Missing;
        SkipType = typeof(Chromium);
        SkipUnless = nameof(Chromium.IsThere);
    }
}
