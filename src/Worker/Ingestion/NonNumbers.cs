using System.Buffers;
using System.Runtime.InteropServices;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// A body with null for each NaN, Infinity and -Infinity outside strings, which Python's json.dumps writes; and where
/// they stood, for what must not be mistaken for null.
/// </summary>
internal sealed class NonNumbers
{
    private readonly HashSet<int> _places = [];
    private readonly byte[] _json;

    private NonNumbers(ReadOnlySpan<byte> json)
    {
        var repaired = new ArrayBufferWriter<byte>(json.Length + 16);
        var done = 0;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == (byte)'"')
            {
                i = EndOfString(json, i);
                continue;
            }

            var found = Length(json[i..]);
            if (found == 0)
                continue;
            repaired.Write(json[done..i]);
            _places.Add(repaired.WrittenCount);
            repaired.Write("null"u8);
            done = i + found;
            i = done - 1;
        }

        repaired.Write(json[done..]);
        _json = repaired.WrittenSpan.ToArray();
    }

    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Null when there is none.</summary>
    public static NonNumbers? Replace(ReadOnlySpan<byte> json)
    {
        var repaired = new NonNumbers(json);
        return repaired._places.Count == 0 ? null : repaired;
    }

    /// <summary>Whether that value, a slice of <see cref="Json"/>, was one of them.</summary>
    public bool StoodAt(JsonValue value) =>
        MemoryMarshal.TryGetArray(value.Utf8, out var slice) && slice.Array == _json && _places.Contains(slice.Offset);

    /// <summary>Where the string that begins there has its closing quote.</summary>
    private static int EndOfString(ReadOnlySpan<byte> json, int i)
    {
        for (i++; i < json.Length && json[i] != (byte)'"'; i++)
            i += json[i] == (byte)'\\' ? 1 : 0;
        return i;
    }

    /// <summary>How long the literal that begins there is; 0 when none does.</summary>
    private static int Length(ReadOnlySpan<byte> json) =>
        json.StartsWith("NaN"u8) ? 3 : json.StartsWith("Infinity"u8) ? 8 : json.StartsWith("-Infinity"u8) ? 9 : 0;
}
