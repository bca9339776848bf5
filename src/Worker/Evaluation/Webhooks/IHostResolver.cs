using System.Net;
using System.Net.Sockets;

namespace Worker.Evaluation.Webhooks;

/// <summary>Finds the addresses of a host.</summary>
internal interface IHostResolver
{
    /// <summary>
    /// All of them; one that is an address already is itself. Throws <see cref="SocketException"/> where there is none.
    /// </summary>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
