using System.Buffers;

namespace Worker.Traces;

/// <summary>The RFC 8785 form of JSON: one spelling for one value.</summary>
internal static class CanonicalJson
{
    /// <summary>Writes the canonical form of one well-formed value. Numbers are IEEE doubles, as the RFC says.</summary>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output) => throw new NotImplementedException();
}
