namespace System.Runtime.CompilerServices;

/// <summary>
/// What the compiler needs for <c>init</c>, and writes into every such setter's signature; later frameworks have it,
/// and their builds of this assembly forward to it.
/// </summary>
internal static class IsExternalInit;
