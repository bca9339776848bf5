using Microsoft.AspNetCore.Http;
using Worker.Storage;

namespace Worker.Front;

/// <summary>The role that an endpoint asks of a key.</summary>
internal sealed record NeededRole(KeyRoles Role)
{
    /// <summary>What is not said otherwise: looking is for readers, and everything else for administrators.</summary>
    public static KeyRoles Of(Endpoint? endpoint, string method) =>
        endpoint?.Metadata.GetMetadata<NeededRole>()?.Role
        ?? (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? KeyRoles.Read : KeyRoles.Admin);
}
