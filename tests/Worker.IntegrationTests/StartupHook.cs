using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker.Ingestion;
using Worker.IntegrationTests.Support;

/// <summary>
/// What .NET calls before a program's own Main where DOTNET_STARTUP_HOOKS names this assembly. By itself it lets a
/// thread of the worker fail that no command has called, once the program has begun; where <see cref="HangKey"/> says
/// so, it lets the worker's consumer or its bus hang instead.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The name is .NET's.")]
internal static class StartupHook
{
    /// <summary><c>consumer</c> or <c>bus</c>.</summary>
    public const string HangKey = "WORKER_TEST_HANG";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(HangKey) is { } what)
            Hang(what);
        else
            AppDomain.CurrentDomain.AssemblyLoad += FailOnceItHasBegun;
    }

    private static void FailOnceItHasBegun(object? sender, AssemblyLoadEventArgs loaded)
    {
        if (loaded.LoadedAssembly.GetName().Name == "System.CommandLine")
            new Thread(() => throw new InvalidOperationException("A thread fell over amqp://ann:top-s3cret@host.")).Start();
    }

    // The host tells of itself while it is built, and then takes other services in.
    private static void Hang(string what) => DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(
        listener =>
        {
            if (listener.Name == "Microsoft.Extensions.Hosting")
                listener.Subscribe(new Observer<KeyValuePair<string, object?>>(told => Replace(what, told)));
        }));

    private static void Replace(string what, KeyValuePair<string, object?> told)
    {
        if (told is { Key: "HostBuilding", Value: IHostBuilder host })
            host.ConfigureServices(services => _ = what == "bus"
                ? services.AddConsumeObserver<HangingBus>()
                : services.AddSingleton<ChunkHandler>((_, _) => new TaskCompletionSource<ProcessedChunk>().Task));
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
