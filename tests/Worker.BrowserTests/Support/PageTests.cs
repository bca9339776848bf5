using System.Collections.Concurrent;

namespace Worker.BrowserTests.Support;

/// <summary>
/// Tests of the page as people have it. Whatever a test does, the page asks no other host, throws nothing, and logs no
/// error; a test that fails leaves a screenshot.
/// </summary>
public abstract class PageTests(World world) : IAsyncLifetime
{
    private readonly List<IBrowserContext> _contexts = [];
    private readonly ConcurrentQueue<string> _faults = [];

    protected static CancellationToken Ends => TestContext.Current.CancellationToken;

    internal World World { get; } = world;

    internal FrontProcess Worker => World.Worker;

    /// <summary>Where screenshots go.</summary>
    private static string Screenshots => Path.Combine(AppContext.BaseDirectory, "screenshots");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The page at an address, e.g. <c>/trace?id=x</c>, of the worker that all tests share.</summary>
    private protected Task<IPage> OpenAsync(
        string address, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800, float scale = 1) =>
        OpenAsync(new Uri(Worker.Address, address), scheme, width, height, scale);

    private protected async Task<IPage> OpenAsync(
        Uri address, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800, float scale = 1)
    {
        var context = await World.Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, DeviceScaleFactor = scale,
            ReducedMotion = ReducedMotion.Reduce,
        });
        _contexts.Add(context);
        await context.AddInitScriptAsync(TracePage.Watch);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, message) => Note(true, $"thrown: {message}");
        page.Request += (_, request) => Note(IsElsewhere(new(request.Url), address), $"asked: {request.Url}");
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>What was to be seen so far is not held against the page, as a worker that was stopped.</summary>
    private protected void Forgive() => _faults.Clear();

    /// <summary>Before a worker of the test's own ends beneath its pages; what was to be seen is forgiven.</summary>
    private protected async Task LeaveAsync()
    {
        foreach (var context in _contexts)
            await context.CloseAsync();
        _contexts.Clear();
        Forgive();
    }

    private protected static async Task PictureAsync(IPage page, string name)
    {
        var file = Path.Combine(Screenshots, name + ".png");
        await page.ScreenshotAsync(new() { Path = file });
        Say(file);
    }

    private protected static void Say(string what) => TestContext.Current.TestOutputHelper!.WriteLine(what);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var hasFailed = TestContext.Current.TestState?.Result == TestResult.Failed;
        foreach (var (at, context) in _contexts.Index())
        {
            if (hasFailed)
                await PictureAsync(context.Pages[0], $"failed-{TestContext.Current.TestMethod!.MethodName}-{at}");
            await context.CloseAsync();
        }

        if (!hasFailed)
            _faults.ShouldBeEmpty();
        else if (!_faults.IsEmpty)
            Say(string.Join('\n', _faults));
    }

    private static bool IsElsewhere(Uri asked, Uri page) =>
        asked.Scheme != "data" && asked.Authority != page.Authority;

    private void Note(bool isFault, string what)
    {
        if (isFault)
            _faults.Enqueue(what);
    }
}
