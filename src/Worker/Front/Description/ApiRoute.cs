using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Worker.Storage;

namespace Worker.Front.Description;

/// <summary>A route with one of its methods.</summary>
/// <param name="Path">As OpenAPI writes it.</param>
/// <param name="Parameters">The names in it.</param>
/// <param name="Role">What a key needs; null where none is needed.</param>
internal sealed record ApiRoute(string Method, string Path, IReadOnlyList<string> Parameters, KeyRoles? Role)
{
    /// <summary>By which it is described, e.g. <c>GET /v5/logs/{id}</c>.</summary>
    public string Name => $"{Method} {Path}";

    /// <summary>All that are mapped: neither what is answered where nothing is, nor the pages for people.</summary>
    public static IEnumerable<ApiRoute> Of(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select new ApiRoute(
            method,
            PathOf(endpoint.RoutePattern),
            [.. endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name)],
            endpoint.Metadata.GetMetadata<OpenToAll>() is null ? NeededRole.Of(endpoint, method) : null);

    private static string PathOf(RoutePattern route) =>
        "/" + string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Text))));

    private static string Text(RoutePatternPart part) => part switch
    {
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        RoutePatternLiteralPart literal => literal.Content,
        _ => throw new InvalidOperationException("A route has a part that is neither a name nor a word."),
    };
}
