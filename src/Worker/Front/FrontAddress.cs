using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Worker.Front;

/// <summary>Where the front listens.</summary>
/// <param name="Ip">Null for <c>localhost</c>, which is the loopback of both kinds.</param>
internal sealed record FrontAddress(IPAddress? Ip, int Port)
{
    public const string Key = "Front:Address";

    private const string Accepts =
        "it takes http:// with an address of this machine and a port, e.g. http://127.0.0.1:8080, "
        + "http://[::1]:8080, http://localhost:8080, or http://0.0.0.0:8080 for all";

    /// <summary>This machine alone can come in.</summary>
    public bool IsLoopback => Ip is null || IPAddress.IsLoopback(Ip);

    /// <summary>What is wrong with that setting, as a sentence; null when nothing is.</summary>
    /// <param name="key">The setting's name.</param>
    public static string? Fault(string address, string key = Key)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp
            || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0
            || (!IPAddress.TryParse(uri.IdnHost, out _) && !IsLoopbackHost(uri.IdnHost)))
            return $"{key} is \"{address}\"; {Accepts}.";
        return uri is { Port: 0, HostNameType: UriHostNameType.Dns }
            ? $"{key} is \"{address}\", and a name takes no free port of the system's choice; write http://127.0.0.1:0."
            : null;
    }

    /// <summary>Of a setting without a fault.</summary>
    public static FrontAddress Parse(string address)
    {
        var uri = new Uri(address);
        return new(IPAddress.TryParse(uri.IdnHost, out var ip) ? ip : null, uri.Port);
    }

    /// <summary>Whether a host, of an address or of a request, is this machine's loopback.</summary>
    public static bool IsLoopbackHost(string host) =>
        IPAddress.TryParse(host, out var ip)
            ? IPAddress.IsLoopback(ip)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a host has a front.</summary>
    public static bool IsIn(IServiceProvider services) => services.GetService<IServer>() is not null;

    /// <summary>Where a front that was started listens, e.g. <c>http://127.0.0.1:8080</c>.</summary>
    public static string Of(IServiceProvider services) => AllOf(services).First();

    /// <summary>That first, and then the one of its health.</summary>
    public static IEnumerable<string> AllOf(IServiceProvider services) =>
        services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    /// <summary>Whether a front did not start because somebody else listens there.</summary>
    public static bool IsTaken(Exception exception) =>
        exception is AddressInUseException or IOException { InnerException: AddressInUseException };

    /// <summary>
    /// Where somebody on this machine asks a front that was told to listen there; null where the system chose the port.
    /// </summary>
    public Uri? FromHere()
    {
        if (Port == 0)
            return null;
        var host = Ip is null ? "localhost"
            : Ip.Equals(IPAddress.Any) ? "127.0.0.1"
            : Ip.Equals(IPAddress.IPv6Any) ? "[::1]"
            : new UriBuilder { Host = Ip.ToString() }.Host;
        return new Uri($"http://{host}:{Port}");
    }

    /// <param name="configure">What else holds of what comes in there.</param>
    public void Listen(KestrelServerOptions kestrel, Action<ListenOptions>? configure = null)
    {
        if (Ip is { } ip)
            kestrel.Listen(ip, Port, configure ?? (_ => { }));
        else
            kestrel.ListenLocalhost(Port, configure ?? (_ => { }));
    }
}
