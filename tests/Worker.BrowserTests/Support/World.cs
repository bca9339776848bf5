[assembly: AssemblyFixture(typeof(Worker.BrowserTests.Support.World))]

namespace Worker.BrowserTests.Support;

/// <summary>
/// One browser and one worker on a file for all tests, each of which keeps to traces and pages of its own.
/// </summary>
public sealed class World : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private IPlaywright? _playwright;
    private FrontProcess? _worker;

    internal IBrowser Browser { get; private set; } = null!;

    internal FrontProcess Worker => _worker!;

    internal string Storage => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        if (!Chromium.IsThere)
            return;
        SetDefaultExpectTimeout(15_000);
        _worker = await StartWorkerAsync(Storage, evaluators: Reviews.Write(Path.Combine(Storage, "evaluators")));
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Program,

            // Chromium refuses its sandbox to root, which containers are.
            ChromiumSandbox = Environment.UserName != "root",
        });
    }

    /// <summary>A worker with its page, which takes messages as large as the hostile ones here.</summary>
    /// <param name="address">Where its front listens; null is a free port.</param>
    /// <param name="evaluators">The folder of Evaluators; null is the shipped one.</param>
    internal static Task<FrontProcess> StartWorkerAsync(string storage, Uri? address = null, string? evaluators = null)
    {
        var settings = new Dictionary<string, string> { ["Ingestion:MaxMessageBytes"] = $"{12 << 20}" };
        if (evaluators is not null)
            settings["Evaluation:Evaluators"] = evaluators;
        if (address is not null)
            settings["Front:Address"] = address.GetLeftPart(UriPartial.Authority);
        return FrontProcess.StartAsync("run", storage, broker: null, settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
            await Browser.CloseAsync();
        _playwright?.Dispose();
        if (_worker is not null)
            await _worker.DisposeAsync();
        _folder.Dispose();
    }
}
