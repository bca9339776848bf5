using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Worker.Front;

/// <summary>
/// Listens where the front will, while the worker waits for its store: it lives, it is not ready, and it takes nothing.
/// </summary>
internal static class WaitingFront
{
    private const string Reason = "The store has not answered since the worker was started";

    /// <summary>
    /// Listens until it is disposed. Throws <see cref="IOException"/> where somebody else listens there.
    /// </summary>
    public static async Task<IAsyncDisposable> OpenAsync(
        FrontOptions options, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel => FrontHosting.Listen(kestrel, options));
        var app = builder.Build();
        app.Run(context => context.Request.Path.Value switch
        {
            "/health/live" => Answers.HealthAsync(context.Response, []),
            "/health/ready" or "/health/stall" => Answers.HealthAsync(context.Response, [Reason]),
            _ => Answers.UnavailableAsync(context.Response, Reason),
        });
        await app.StartAsync(cancellationToken);
        return app;
    }
}
