using System.Net;
using System.Net.Sockets;
using Worker.Front;

namespace Worker.Tests.Commands;

/// <summary>Whom <c>worker health</c> asks; what it is answered is the front's affair.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task Where_nobody_listens_it_says_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var (exitCode, output, error) = await CommandLine.RunWithoutStorageAsync(
            "health", $"--Front:Address=http://0.0.0.0:{port}");

        (exitCode, output).ShouldBe((3, ""));
        error.ShouldContain($"Nobody answers at http://127.0.0.1:{port}/health/ready (Connection refused");
    }

    [Theory]
    [InlineData("health --Front:Address=http://127.0.0.1:0", "say with --address where the front listens")]
    [InlineData("health --Front:Address=nonsense", "Front:Address is \"nonsense\"; it takes")]
    [InlineData("health --address worker:8080", "--address is \"worker:8080\"; it takes one such as http://127.0.0.1:8080")]
    [InlineData("health sometimes", "sometimes")]
    public async Task What_cannot_be_asked_is_a_mistake_in_the_arguments(string arguments, string sentence)
    {
        var (exitCode, _, error) = await CommandLine.RunWithoutStorageAsync(arguments.Split(' '));

        exitCode.ShouldBe(2, error);
        error.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://localhost:81", "http://localhost:81/")]
    [InlineData("http://0.0.0.0:80", "http://127.0.0.1/")]
    [InlineData("http://[::]:8080", "http://[::1]:8080/")]
    [InlineData("http://[fe80::1]:8080", "http://[fe80::1]:8080/")]
    [InlineData("http://10.1.2.3:8080", "http://10.1.2.3:8080/")]
    [InlineData("http://127.0.0.1:0", null)]
    public void The_front_is_asked_where_it_was_told_to_listen(string address, string? asked) =>
        (FrontAddress.Parse(address).FromHere()?.AbsoluteUri).ShouldBe(asked);
}
