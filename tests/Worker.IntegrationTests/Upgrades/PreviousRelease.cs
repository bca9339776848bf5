namespace Worker.IntegrationTests.Upgrades;

/// <summary>The release before this one, which <c>eng/previous.sh</c> builds.</summary>
internal static class PreviousRelease
{
    private const string Missing =
        "Needs the release before this one: run ./test.sh, or eval \"$(eng/previous.sh)\" in a clone with its history " +
        "(git fetch --unshallow --tags), or set WORKER_TEST_PREVIOUS to its worker.dll.";

    /// <summary>Its <c>worker.dll</c>; skips the test where it is not there.</summary>
    public static string Program()
    {
        var program = Environment.GetEnvironmentVariable("WORKER_TEST_PREVIOUS");
        Assert.SkipUnless(File.Exists(program), Missing);
        return program!;
    }
}
