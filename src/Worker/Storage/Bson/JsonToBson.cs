using System.Text.Json;

namespace Worker.Storage.Bson;

/// <summary>Writes JSON into a document as <see cref="JsonBson"/> says. One is used for many values.</summary>
internal sealed class JsonToBson(BsonWriter bson)
{
    private const int Few = 32;

    // The hashes of the names of the objects that are open. Two names of one hash count as the same: that costs their object
    // its being queried by name, and nothing else.
    private readonly List<ulong> _names = new(Few);

    /// <summary>Writes the value that the reader has come to, and leaves it at the value's end. It reads <paramref name="json"/>.</summary>
    public void Write(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json) => Write(name, ref reader, json, depth: 1);

    private void Write(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int depth)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when depth <= JsonBson.MaxDepth && TryWriteObject(name, ref reader, json, depth):
                break;
            case JsonTokenType.StartArray when depth <= JsonBson.MaxDepth:
                WriteArray(name, ref reader, json, depth);
                break;
            case JsonTokenType.String:
                bson.WriteString(name, Unescaped(ref reader));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                bson.WriteBool(name, reader.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Null:
                bson.WriteNull(name);
                break;
            case JsonTokenType.Number when JsonNumber.TryWrite(bson, name, reader.ValueSpan):
                break;
            default:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                bson.WriteBinary(name, json[start..(int)reader.BytesConsumed], JsonBson.TextSubtype);
                break;
        }
    }

    private void WriteArray(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int depth)
    {
        bson.StartArray(name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            Write(default, ref reader, json, depth + 1);
        bson.End();
    }

    /// <summary>False, with nothing written and the reader where it was, when the object's names are none for BSON.</summary>
    private bool TryWriteObject(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int depth)
    {
        var begun = reader;
        var (length, names) = (bson.Length, _names.Count);
        HashSet<ulong>? many = null;
        bson.StartDocument(name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = Unescaped(ref reader);
            if (member.Contains((byte)0) || !IsNew(Hash(member), names, ref many))
            {
                _names.RemoveRange(names, _names.Count - names);
                bson.Rewind(length);
                reader = begun;
                return false;
            }

            reader.Read();
            Write(member, ref reader, json, depth + 1);
        }

        _names.RemoveRange(names, _names.Count - names);
        bson.End();
        return true;
    }

    private bool IsNew(ulong hash, int first, ref HashSet<ulong>? many)
    {
        var isNew = many?.Add(hash) ?? _names.IndexOf(hash, first) < 0;
        _names.Add(hash);
        if (many is null && _names.Count - first > Few)
            many = [.. _names.Skip(first)];
        return isNew;
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in name)
            hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }

    private static ReadOnlySpan<byte> Unescaped(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;

        var text = new byte[reader.ValueSpan.Length];
        return text.AsSpan(0, reader.CopyString(text));
    }
}
