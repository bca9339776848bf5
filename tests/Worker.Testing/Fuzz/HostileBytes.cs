using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Text = System.Text.Encoding;

namespace Worker.Testing.Fuzz;

/// <summary>A body as bytes: cut off, damaged, in another encoding, packed, packed badly.</summary>
/// <param name="Delivered">As it comes.</param>
/// <param name="Encoding">What <c>content_encoding</c> says.</param>
/// <param name="Plain">As it was before it was packed; null when nobody can tell what will come out of it.</param>
/// <param name="IsKnown">The encoding is one that can be undone.</param>
internal sealed record HostileBytes(byte[] Delivered, string? Encoding, byte[]? Plain, bool IsKnown = true)
{
    private static readonly string?[] Names = [null, null, null, "", "identity", "utf-8", "UTF-8"];

    private static readonly (string Name, Func<Stream, Stream> Open)[] Ways =
    [
        ("gzip", packed => new GZipStream(packed, CompressionLevel.Fastest)),
        (" X-GZIP", packed => new GZipStream(packed, CompressionLevel.Fastest)),
        ("deflate", packed => new ZLibStream(packed, CompressionLevel.Fastest)),
        ("Deflate", packed => new DeflateStream(packed, CompressionLevel.Fastest)),
    ];

    public static Gen<HostileBytes> Of(HostileIds ids) => Gen.Frequency(
        (80, from text in HostileBody.Of(ids)
            from plain in Damaged(Text.UTF8.GetBytes(text), text)
            from packed in Packed(plain)
            select packed),
        (1, Gen.Elements(Ways).Select(way => Pack(Text.UTF8.GetBytes($$"""{"log_id":"{{ids.Own}}","output":"{{new string('漢', 500_000)}}"}"""), way))));

    private static Gen<byte[]> Damaged(byte[] body, string text) => Gen.Frequency(
        (14, Gen.Constant(body)),
        (1, Gen.Choose(0, body.Length).Select(length => body[..length])),
        (2, Replaced(body)),
        (1, from at in Gen.Choose(0, body.Length)
            from value in Gen.Elements("\"", "}", ",", "\\", "\0", "NaN", "\ufeff", "/**/", "'")
            select (byte[])[.. body[..at], .. Text.UTF8.GetBytes(value), .. body[at..]]),
        (1, Gen.Elements(
            Text.Unicode.GetBytes(text), Text.UTF32.GetBytes(text), Text.Latin1.GetBytes(text),
            [.. Text.UTF8.Preamble, .. body], [.. Text.Unicode.Preamble, .. Text.Unicode.GetBytes(text)],
            [.. body, 0], [.. body, .. body], [.. body, 0xED, 0xA0, 0x80], [])));

    /// <summary>One byte is another; of nothing, nothing (what packs nothing may make nothing of it).</summary>
    private static Gen<byte[]> Replaced(byte[] bytes) => bytes.Length == 0
        ? Gen.Constant(bytes)
        : from at in Gen.Choose(0, bytes.Length - 1)
          from value in Gen.Choose(0, 255)
          select (byte[])[.. bytes[..at], (byte)value, .. bytes[(at + 1)..]];

    private static Gen<HostileBytes> Packed(byte[] plain) => Gen.Frequency(
        (16, Gen.Elements(Names).Select(name => new HostileBytes(plain, name, plain))),
        (3, Gen.Elements(Ways).Select(way => Pack(plain, way))),
        (1, from packed in Gen.Elements(Ways).Select(way => Pack(plain, way))
            from keep in Gen.Choose(0, packed.Delivered.Length)
            select packed with { Delivered = packed.Delivered[..keep], Plain = null }),
        (1, from packed in Gen.Elements(Ways).Select(way => Pack(plain, way))
            from replaced in Replaced(packed.Delivered)
            select packed with { Delivered = replaced, Plain = null }),
        (1, Gen.Elements("gzip", "deflate").Select(name => new HostileBytes(plain, name, null))),
        (1, Gen.Elements("br", "zstd", "gzip, gzip", "utf-16", "\ufffe", new string('q', 255)).Select(
            name => new HostileBytes(plain, name, null, IsKnown: false))));

    private static HostileBytes Pack(byte[] plain, (string Name, Func<Stream, Stream> Open) way)
    {
        var packed = new MemoryStream();
        using (var stream = way.Open(packed))
            stream.Write(plain);
        return new(packed.ToArray(), way.Name, plain);
    }
}
