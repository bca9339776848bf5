using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.IntegrationTests.Support;

/// <summary>Looks into a worker's store beside it, through the ports, as the reading commands do.</summary>
internal sealed class StoreReader : IAsyncDisposable
{
    private readonly IHost _host;

    private StoreReader(IHost host) => _host = host;

    public ILogStore Logs => _host.Services.GetRequiredService<ILogStore>();

    public ITraceStore Traces => _host.Services.GetRequiredService<ITraceStore>();

    public IRunStore Runs => _host.Services.GetRequiredService<IRunStore>();

    public IEvaluatorLogStore Verdicts => _host.Services.GetRequiredService<IEvaluatorLogStore>();

    public IServiceProvider Services => _host.Services;

    public static Task<StoreReader> OpenAsync(string storage) => OpenAsync(["--Storage:Path", storage]);

    public static Task<StoreReader> OpenAsync(TestStorage storage) => OpenAsync(storage.Arguments);

    private static async Task<StoreReader> OpenAsync(IReadOnlyList<string> arguments)
    {
        var host = WorkerHost.Build(arguments);
        await host.Services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        return new StoreReader(host);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }
}
