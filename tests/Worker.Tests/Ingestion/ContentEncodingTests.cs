using System.IO.Compression;
using System.Text;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

public sealed class ContentEncodingTests
{
    private const string Body = """{"log_id":"l","output":"packed"}""";

    private static readonly MessageDecoder Decoder = new(64 * 1024);

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData(" X-GZip ", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("Deflate", "raw")]
    [InlineData("identity", "none")]
    [InlineData("", "none")]
    [InlineData(null, "none")]
    [InlineData("utf-8", "none")]
    [InlineData("UTF-8", "none")]
    public void A_packed_body_is_unpacked(string? encoding, string packed)
    {
        var message = Decode(Pack(Body, packed), encoding).Message!;

        message.LogId.ShouldBe("l");
        message.Changes.Single().Value!.Value.AsText().ShouldBe("packed");
    }

    [Fact]
    public void The_hash_that_names_a_log_is_that_of_the_unpacked_body()
    {
        const string Nameless = """{"output":"o"}""";
        var plain = Decode(Encoding.UTF8.GetBytes(Nameless), null).Message!;

        foreach (var (encoding, packed) in new[] { ("gzip", "gzip"), ("deflate", "zlib"), ("deflate", "raw") })
            Decode(Pack(Nameless, packed), encoding).Message!.LogId.ShouldBe(plain.LogId);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    public void A_bomb_is_too_large_and_says_which_log_it_was_of(string encoding, string packed)
    {
        var bomb = Pack($$"""{"log_id":"l","save":false,"output":"{{new string('é', 5_000_000)}}"}""", packed);
        bomb.Length.ShouldBeLessThan(64 * 1024);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = Decode(bomb, encoding);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
        decoded.Refusal!.Reason.ShouldBe(RefusalReason.TooLarge);
        (decoded.LogId, decoded.Withheld, decoded.IsUnreadable).ShouldBe(("l", true, true));
    }

    [Fact]
    public void A_body_may_unpack_to_the_limit_and_no_further()
    {
        var most = $$"""{"output":"{{new string('x', (64 * 1024) - 13)}}"}""";
        most.Length.ShouldBe(64 * 1024);

        Decode(Pack(most, "gzip"), "gzip").Refusal.ShouldBeNull();
        Decode(Pack(most + " ", "gzip"), "gzip").Refusal!.Reason.ShouldBe(RefusalReason.TooLarge);
        Decode(new byte[(64 * 1024) + 1], "gzip").Refusal!.Reason.ShouldBe(RefusalReason.TooLarge);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    public void A_packed_body_that_is_cut_off_is_malformed_and_keeps_what_it_said(string encoding, string packed)
    {
        var noise = string.Concat(Enumerable.Range(0, 2000).Select(i => Some.Hash($"{i}")));
        var cut = Pack($$"""{"log_id":"l","output":"{{noise}}"}""", packed).AsSpan(0, 20_000).ToArray();

        var decoded = new MessageDecoder(1024 * 1024).Decode(
            Some.Delivery("") with { Body = cut, ContentEncoding = encoding });

        decoded.Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
        decoded.LogId.ShouldBe("l");
    }

    [Fact]
    public void What_was_not_packed_so_is_malformed()
    {
        foreach (var encoding in new[] { "gzip", "deflate" })
        {
            Decode(Encoding.UTF8.GetBytes(Body), encoding).Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
            Decode([], encoding).Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
            Decode([0x78], encoding).Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
        }

        // A preset dictionary is wanted, which nobody has.
        Decode([0x78, 0xBB, 1, 2, 3, 4, 5], "deflate").Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
    }

    [Fact]
    public void A_damaged_body_is_malformed()
    {
        var damaged = Pack(Body, "gzip");
        damaged[^6] ^= 0xFF;

        Decode(damaged, "gzip").Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
    }

    [Fact]
    public void Another_encoding_is_named_but_not_at_any_length()
    {
        var refusal = Decode(Encoding.UTF8.GetBytes(Body), "br").Refusal!;

        (refusal.Reason, refusal.Field).ShouldBe((RefusalReason.MalformedJson, "content_encoding"));
        refusal.Detail.ShouldContain("\"br\"");
        Decode([], new string('z', 100_000)).Refusal!.Detail.Length.ShouldBeLessThan(255);
    }

    private static DecodedMessage Decode(byte[] body, string? encoding) =>
        Decoder.Decode(Some.Delivery("") with { Body = body, ContentEncoding = encoding });

    private static byte[] Pack(string body, string how)
    {
        var packed = new MemoryStream();
        using (Stream stream = how switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "zlib" => new ZLibStream(packed, CompressionLevel.Optimal),
            "raw" => new DeflateStream(packed, CompressionLevel.Optimal),
            _ => packed,
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(body));
        }

        return packed.ToArray();
    }
}
