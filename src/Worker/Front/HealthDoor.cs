using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Worker.Front;

/// <summary>
/// A second address, for whoever watches the worker from another machine and has no key: <c>/health/…</c> and
/// <c>/metrics</c>, and nothing else. See <see cref="FrontOptions.HealthAddress"/>.
/// </summary>
internal static class HealthDoor
{
    public const string Key = "Front:HealthAddress";

    public static void Listen(KestrelServerOptions kestrel, string address) =>
        FrontAddress.Parse(address).Listen(kestrel, options => options.Use(next => connection =>
        {
            connection.Features.Set(Mark.Instance);
            return next(connection);
        }));

    /// <summary>Where a front that was started tells its health besides; null where it was not told to.</summary>
    public static string? AddressIn(IServiceProvider services) =>
        services.GetRequiredService<IOptions<FrontOptions>>().Value.HealthAddress.Length > 0
            ? FrontAddress.AllOf(services).Last()
            : null;

    /// <summary>Before all that asks for keys.</summary>
    public static void UseHealthDoor(this WebApplication app) => app.Use(next => context =>
        context.Features.Get<Mark>() is null ? next(context)
        : IsOpenHere(context.GetEndpoint()) ? context.GetEndpoint()!.RequestDelegate!(context)
        : Answers.SentenceAsync(
            context.Response,
            StatusCodes.Status404NotFound,
            $"Here are /health/live, /health/ready, /health/stall and {MetricsEndpoint.Path} alone; "
            + "the rest is at the front's own address"));

    private static bool IsOpenHere(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<OpenToAll>() is { WhateverTheStore: true }
        || (endpoint as RouteEndpoint)?.RoutePattern.RawText == MetricsEndpoint.Path;

    /// <summary>Of a connection that came in here.</summary>
    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
