using System.Net;
using Worker.Evaluation.Webhooks;

namespace Worker.Tests.Evaluation.Webhooks;

public sealed class AddressTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:800::200e")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void A_public_address_is_reached_over_https_alone(string address)
    {
        Allow("", address).ShouldBeTrue();
        Allow("", address, isPlain: true).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    [InlineData("100::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b::10.1.2.3")]
    [InlineData("64:ff9b:1::10.1.2.3")]
    public void An_address_that_is_not_public_is_refused_unless_its_network_is_allowed(string address)
    {
        Allow("", address).ShouldBeFalse();
        Allow("198.18.0.0/32, fd12::/16", address).ShouldBeFalse();
        Allow("0.0.0.0/0, ::/0", address).ShouldBeTrue();
        Allow("0.0.0.0/0, ::/0", address, isPlain: true).ShouldBeTrue();
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.2.3", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "64:ff9b::10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData(" fd12::/16 ,, 10.0.0.0/8 ", "fd12::7", true)]
    [InlineData("fd12::7", "fd12::7", true)]
    [InlineData("fd12::7", "fd12::8", false)]
    public void What_is_allowed_is_a_network_or_an_address(string allowed, string address, bool isAllowed) =>
        Allow(allowed, address).ShouldBe(isAllowed);

    [Theory]
    [InlineData("10.0.0.0/33", "10.0.0.0/33")]
    [InlineData("10.0.0/8/8", "10.0.0/8/8")]
    [InlineData("10.0.0.0/8, intranet.example", "intranet.example")]
    public void What_is_no_network_is_told(string allowed, string wrong)
    {
        new WebhookOptions { AllowedNetworks = allowed }.Fault()
            .ShouldBe($"Evaluation:Webhooks:AllowedNetworks names \"{wrong}\"; it accepts networks such as 10.1.0.0/16 and fd12::/16, parted by commas.");
        new WebhookOptions { AllowedNetworks = "10.0.0.0/8,fd12::/16" }.Fault().ShouldBeNull();
    }

    private static bool Allow(string allowed, string address, bool isPlain = false) =>
        new Addresses(Addresses.Parse(allowed, out _)!).Allow(IPAddress.Parse(address), isPlain);
}
