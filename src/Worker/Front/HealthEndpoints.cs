using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Diagnostics;

namespace Worker.Front;

/// <summary>
/// How the worker is, for whoever starts and watches it: 200 with <c>{"status":"ok"}</c>, or 503 with a sentence for
/// each reason. Without a key, because none of it is anybody's, and no look at the store comes before it.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        Map(routes, "live", _ => Task.FromResult<IReadOnlyList<string>>([]));
        Map(routes, "ready", context => Of<Readiness>(context).MissingAsync(context.RequestAborted));
        Map(routes, "stall", context => Task.FromResult<IReadOnlyList<string>>(
            [.. Of<Stalls>(context).Current.Select(stall => stall.Sentence)]));
    }

    private static void Map(
        IEndpointRouteBuilder routes, string what, Func<HttpContext, Task<IReadOnlyList<string>>> look) => routes
            .MapMethods(
                $"/health/{what}",
                [HttpMethods.Get, HttpMethods.Head],
                async context => await Answers.HealthAsync(context.Response, await look(context)))
            .WithMetadata(new OpenToAll(WhateverTheStore: true), new ExcludeFromDescriptionAttribute());

    private static T Of<T>(HttpContext context)
        where T : notnull => context.RequestServices.GetRequiredService<T>();
}
