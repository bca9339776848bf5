using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Worker.Front;

/// <summary>
/// Of what the service had and the front has not, the lists: there are none of these, and who goes through everything
/// has to be told so and not be stopped. Whatever else is asked of them is <see cref="NotOffered"/>.
/// </summary>
internal static class EmptyLists
{
    /// <summary>Those that are answered as a page.</summary>
    internal static readonly IReadOnlyList<string> Pages =
    [
        "/v5/evaluations", "/v5/evaluations/{id}/logs", "/v5/evaluations/{id}/datapoints", "/v5/datasets/{id}/versions",
        "/v5/datasets/{id}/datapoints",
    ];

    public static void MapEmptyLists(this IEndpointRouteBuilder routes)
    {
        foreach (var list in Pages)
            routes.MapGet(list, context => WriteAsync(context, """{"records":[],"page":1,"size":0,"total":0}"""));
        routes.MapGet("/v5/evaluations/{id}/runs", context => WriteAsync(context, """{"runs":[]}"""));
    }

    private static Task WriteAsync(HttpContext context, string json) =>
        Answers.BytesAsync(context.Response, System.Text.Encoding.UTF8.GetBytes(json));
}
