using System.Runtime.CompilerServices;

namespace Worker.BrowserTests.Support;

/// <summary>Like <see cref="BrowserFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = Chromium.Missing;
        SkipType = typeof(Chromium);
        SkipUnless = nameof(Chromium.IsThere);
    }
}
