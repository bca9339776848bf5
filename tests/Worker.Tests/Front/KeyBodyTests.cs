using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Worker.Storage;

namespace Worker.Tests.Front;

/// <summary>A key may be for smaller bodies than the front takes of others.</summary>
public sealed class KeyBodyTests
{
    private static readonly string Large = $$"""{"path":"a","output":"{{new string('x', 2000)}}"}""";

    [Theory]
    [InlineData("/v5/tools/log", false)]
    [InlineData("/v5/tools/log", true)]
    [InlineData("/v5/tools", false)]
    [InlineData("/v5/tools", true)]
    [InlineData("/v5/files/retrieve-by-path", false)]
    [InlineData("/v1/traces", false)]
    [InlineData("/v1/traces", true)]
    public async Task A_larger_body_is_refused_and_not_taken_be_it_packed_or_not(string path, bool isPacked)
    {
        await using var world = await FrontWorld.StartAsync();
        var small = await world.KeyAsync(KeyRoles.Admin, maxBody: 1000);

        var (status, answer) = await SendAsync(world, path, Large, small, isPacked);

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, answer?.ToJsonString());
        var sentence = (string)(answer!["detail"] ?? answer["message"])!;
        sentence.ShouldContain("larger than 1000 bytes");
        sentence.ShouldContain("send less");
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_counted_as_it_comes()
    {
        await using var world = await FrontWorld.StartAsync();
        var small = await world.KeyAsync(KeyRoles.Ingest, maxBody: 1000);
        using var request = Request("/v5/tools/log", Large, small, isPacked: false);
        request.Headers.TransferEncodingChunked = true;
        request.Content!.Headers.ContentLength = null;

        (await world.SendAsync(request)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task What_fits_is_taken_and_so_is_what_another_key_sends()
    {
        await using var world = await FrontWorld.StartAsync();
        var small = await world.KeyAsync(KeyRoles.Ingest, maxBody: 1000);
        var wide = await world.KeyAsync(KeyRoles.Ingest, maxBody: int.MaxValue);
        var any = await world.KeyAsync(KeyRoles.Ingest);

        foreach (var (key, body) in new[] { (small, """{"path":"a"}"""), (wide, Large), (any, Large) })
            foreach (var isPacked in new[] { false, true })
                (await SendAsync(world, "/v5/tools/log", body, key, isPacked)).Status.ShouldBe(HttpStatusCode.OK);

        world.Intake.Taken.Count.ShouldBe(6);
    }

    /// <summary>A key opens no more than the front is for.</summary>
    [Fact]
    public async Task A_key_for_more_than_the_front_takes_is_told_the_fronts_own_limit()
    {
        await using var world = await FrontWorld.StartAsync(("Ingestion:MaxMessageBytes", "1024"));
        var wide = await world.KeyAsync(KeyRoles.Ingest, maxBody: 5000);

        var (status, answer) = await SendAsync(world, "/v5/tools/log", Large, wide, isPacked: false);

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        ((string)answer!["detail"]!).ShouldContain("Ingestion:MaxMessageBytes");
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Json)> SendAsync(
        FrontWorld world, string path, string body, string key, bool isPacked)
    {
        using var request = Request(path, body, key, isPacked);
        return await world.SendAsync(request);
    }

    private static HttpRequestMessage Request(string path, string body, string key, bool isPacked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(isPacked ? Packed(body) : Encoding.UTF8.GetBytes(body)) };
        request.Headers.Add("X-API-KEY", key);
        if (isPacked)
            request.Content.Headers.ContentEncoding.Add("gzip");
        return request;
    }

    private static byte[] Packed(string body)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(body));
        return packed.ToArray();
    }
}
