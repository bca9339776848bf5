using System.Net;

namespace Worker.Evaluation.Webhooks;

/// <summary>Which addresses may be connected to: the public ones, and what an operator allows.</summary>
/// <param name="allowed">Networks that may be reached whatever they are, and without encryption.</param>
internal sealed class Addresses(IReadOnlyList<IPNetwork> allowed)
{
    /// <summary>IPv4 that leads to nobody, to this machine, to its neighbours, or to the host of its cloud.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>All that is routed in IPv6: loopback, link-local, unique local and multicast lie outside.</summary>
    private static readonly IPNetwork Routed = IPNetwork.Parse("2000::/3");

    /// <summary>Of that, what stands for something else (Teredo, 6to4), or is for examples and experiments.</summary>
    private static readonly IPNetwork[] NotDirect =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }
            .Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Where a network is IPv6 alone, its resolver puts other hosts' IPv4 behind this.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <param name="isPlain">Over http: then only where an operator allows it.</param>
    public bool Allow(IPAddress address, bool isPlain)
    {
        var meant = Meant(address);
        return allowed.Any(network => network.Contains(meant)) || (!isPlain && IsPublic(meant));
    }

    /// <summary>Null where <paramref name="text"/> is no list of networks; then it says what is not one.</summary>
    public static IReadOnlyList<IPNetwork>? Parse(string text, out string? wrong)
    {
        wrong = null;
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(part, out var address))
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else
                wrong ??= part;
        }

        return wrong is null ? networks : null;
    }

    private static bool IsPublic(IPAddress address) => address.GetAddressBytes().Length == 4
        ? !NotPublic.Any(network => network.Contains(address))
        : Routed.Contains(address) && !NotDirect.Any(network => network.Contains(address));

    /// <summary>The IPv4 address where an IPv6 one is but its clothing, and leads there.</summary>
    private static IPAddress Meant(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : Nat64.Contains(address) ? new(address.GetAddressBytes()[12..])
        : address;
}
