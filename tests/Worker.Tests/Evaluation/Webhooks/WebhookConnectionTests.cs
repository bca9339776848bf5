using System.Net;
using System.Net.Sockets;
using Worker.Evaluation;
using Worker.Evaluation.Webhooks;

namespace Worker.Tests.Evaluation.Webhooks;

/// <summary>Where a webhook leads, whatever its host is called.</summary>
public sealed class WebhookConnectionTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("169.254.169.254")]
    [InlineData("2852039166")]
    [InlineData("0xa9fea9fe")]
    [InlineData("10.0.0.1")]
    [InlineData("１２７.０.０.１")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[fe80::1%251]")]
    public async Task No_spelling_of_a_host_leads_to_an_address_that_is_not_public(string host)
    {
        using var world = new WebhookWorld(allowed: "");

        foreach (var scheme in new[] { "http", "https" })
        {
            var refused = await Should.ThrowAsync<Exception>(() => world.AskAsync($"{scheme}://{host}:1/"));
            refused.ShouldBeOfType<EvaluatorPausedException>($"{scheme} {refused}");
            refused.Message.ShouldContain("add its network to Evaluation:Webhooks:AllowedNetworks");
        }
    }

    [Fact]
    public async Task A_public_address_is_not_asked_without_encryption()
    {
        using var world = new WebhookWorld(allowed: "", resolver: new FakeResolver(["8.8.8.8"]));

        (await Should.ThrowAsync<EvaluatorPausedException>(() => world.AskAsync("http://checks.example.com/")))
            .Message.ShouldBe("checks.example.com is at 8.8.8.8, which is reached over http; where that is meant, add its network to Evaluation:Webhooks:AllowedNetworks.");
    }

    [Fact]
    public async Task A_name_that_leads_to_one_private_address_among_others_is_refused()
    {
        await using var receiver = await Receiver.StartAsync(200, """{"judgment":true}""");
        using var world = new WebhookWorld("127.0.0.1", resolver: new FakeResolver(["127.0.0.1", "10.0.0.1"]));

        (await Should.ThrowAsync<EvaluatorPausedException>(() => world.AskAsync($"http://checks.example.com:{receiver.Port}/")))
            .Message.ShouldStartWith("checks.example.com is at 10.0.0.1, ");

        receiver.Taken.ShouldBeEmpty();
    }

    /// <summary>
    /// Had the name been resolved once for the check and once to connect, the second answer would have been connected
    /// to.
    /// </summary>
    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_leads_nowhere()
    {
        await using var allowed = await Receiver.StartAsync(200, """{"judgment":true}""", ("Connection", "close"));
        var resolver = new FakeResolver(["127.0.0.1"], ["127.0.0.2"]);
        using var world = new WebhookWorld("127.0.0.1", resolver: resolver);
        var evaluator = world.Evaluator($"http://checks.example.com:{allowed.Port}/");

        (await WebhookWorld.AskAsync(evaluator)).Judgment?.ToString().ShouldBe("true");
        resolver.Asked.ShouldBe(["checks.example.com"]);
        allowed.Taken.ShouldHaveSingleItem().Headers["Host"].ShouldBe($"checks.example.com:{allowed.Port}");

        (await Should.ThrowAsync<EvaluatorPausedException>(() => WebhookWorld.AskAsync(evaluator)))
            .Message.ShouldStartWith("checks.example.com is at 127.0.0.2, ");
        allowed.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_the_addresses_of_a_name_the_first_that_answers_is_used()
    {
        await using var receiver = await Receiver.StartAsync(
            context => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, """{"judgment":true}"""), IPAddress.Parse("127.0.0.3"));
        using var world = new WebhookWorld(resolver: new FakeResolver(["127.0.0.2", "127.0.0.3"]));

        (await world.AskAsync($"http://checks.example.com:{receiver.Port}/")).Judgment?.ToString().ShouldBe("true");
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_is_tried_again()
    {
        using var world = new WebhookWorld(resolver: new Unresolved());

        (await Should.ThrowAsync<TransientCallException>(() => world.AskAsync("https://checks.example.com/")))
            .Message.ShouldStartWith("checks.example.com cannot be asked: ");
    }

    private sealed class Unresolved : IHostResolver
    {
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
            throw new SocketException((int)SocketError.HostNotFound);
    }
}
