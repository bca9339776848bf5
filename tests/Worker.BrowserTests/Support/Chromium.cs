namespace Worker.BrowserTests.Support;

/// <summary>The browser that the system has; none is downloaded.</summary>
public static class Chromium
{
    public const string Missing =
        "Needs Chromium: run ./test.sh, or eng/browser.sh, which install it where there is apt-get, "
        + "or set WORKER_TEST_CHROMIUM to the program of a Chromium or Chrome of your own.";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Null where there is none.</summary>
    public static string? Program { get; } = Find();

    public static bool IsThere => Program is not null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("WORKER_TEST_CHROMIUM") is { Length: > 0 } given)
            return given;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
