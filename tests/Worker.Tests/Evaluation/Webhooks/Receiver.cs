using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Worker.Tests.Evaluation.Webhooks;

/// <summary>A program elsewhere that is asked for verdicts; a request is remembered before it is answered.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(RequestDelegate answer, IPAddress address, bool isSecure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddLogging().AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address, 0, listen =>
        {
            if (isSecure)
                listen.UseHttps(TestCertificate.Create("localhost"));
        }));
        _app = builder.Build();
        _app.Run(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Taken.Enqueue(new(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
            await answer(context);
        });
    }

    public ConcurrentQueue<TakenRequest> Taken { get; } = [];

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<Receiver> StartAsync(RequestDelegate answer, IPAddress? address = null, bool isSecure = false)
    {
        var receiver = new Receiver(answer, address ?? IPAddress.Loopback, isSecure);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>One that always answers the same.</summary>
    public static Task<Receiver> StartAsync(int status, string body, params (string Name, string Value)[] headers) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return context.Response.WriteAsync(body);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record TakenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);
