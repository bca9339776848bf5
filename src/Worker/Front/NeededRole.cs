using Worker.Storage;

namespace Worker.Front;

/// <summary>The role that an endpoint asks of a key.</summary>
internal sealed record NeededRole(KeyRoles Role);
