using System.Net;
using Worker.Front;

namespace Worker.Tests.Front;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("127.0.0.1:9", true)]
    [InlineData("localhost", true)]
    [InlineData("LocalHost:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("worker.example", false)]
    [InlineData("127.0.0.1.example", false)]
    [InlineData("10.0.0.1", false)]
    public async Task A_request_is_taken_under_a_name_of_this_machine_alone(string host, bool isTaken)
    {
        await using var world = await FrontWorld.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v5/tools/log") { Content = new StringContent("{}"), Headers = { Host = host } };

        (await world.SendAsync(request)).Status.ShouldBe(isTaken ? HttpStatusCode.OK : HttpStatusCode.Forbidden);

        world.Intake.Taken.Count.ShouldBe(isTaken ? 1 : 0);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_web_page_of_another_origin_is_refused(string origin)
    {
        await using var world = await FrontWorld.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v5/tools/log") { Content = new StringContent("{}") };
        request.Headers.TryAddWithoutValidation("Origin", origin);

        using var response = await world.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_the_fronts_own_is_not()
    {
        await using var world = await FrontWorld.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v5/tools/log") { Content = new StringContent("{}") };
        request.Headers.Add("Origin", world.Client.BaseAddress!.ToString().TrimEnd('/'));

        (await world.SendAsync(request)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.2:0")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://10.1.2.3:8080")]
    public void An_address_of_this_machine_is_one(string address) => FrontAddress.Fault(address).ShouldBeNull();

    [Theory]
    [InlineData("http://worker.example:8080", "it takes")]
    [InlineData("https://127.0.0.1:8080", "it takes")]
    [InlineData("http://127.0.0.1:8080/v5", "it takes")]
    [InlineData("127.0.0.1:8080", "it takes")]
    [InlineData("http://localhost:0", "http://127.0.0.1:0")]
    public void Any_other_is_refused_with_what_it_takes(string address, string why)
    {
        var fault = FrontAddress.Fault(address)!;

        fault.ShouldStartWith($"Front:Address is \"{address}\"");
        fault.ShouldContain(why);
        fault.ShouldContain("http://127.0.0.1:");
    }
}
