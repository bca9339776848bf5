using System.Text.Json;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Finds the objects of a JSON value that BSON cannot hold: those with NUL in a name, or one name twice.
/// </summary>
internal ref struct UnfitObjects(ReadOnlySpan<byte> json)
{
    private const int Few = 32;

    private readonly Stack<(int Start, int Names, HashSet<ulong>? Many)> _open = new();

    // The hashes of the names of the objects that are open. Two names of one hash count as the same: that costs their
    // object its being queried by name, and nothing else.
    private readonly List<ulong> _names = new(Few);

    private Utf8JsonReader _reader = new(json, JsonBson.ReaderOptions);
    private HashSet<int>? _found;

    /// <summary>Where they begin; null when there are none.</summary>
    public static HashSet<int>? In(ReadOnlySpan<byte> json) =>
        json.IsEmpty || (json[0] != (byte)'{' && json[0] != (byte)'[') ? null : new UnfitObjects(json).Find();

    private HashSet<int>? Find()
    {
        while (_reader.Read())
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
                _open.Push(((int)_reader.TokenStartIndex, _names.Count, null));
            else if (_reader.TokenType == JsonTokenType.EndObject)
                Close();
            else if (_reader.TokenType == JsonTokenType.PropertyName && !IsFit())
                (_found ??= []).Add(_open.Peek().Start);
        }

        return _found;
    }

    private void Close()
    {
        var (_, names, _) = _open.Pop();
        _names.RemoveRange(names, _names.Count - names);
    }

    private bool IsFit()
    {
        if (!_reader.ValueIsEscaped)
            return IsNew(Hash(_reader.ValueSpan));

        var name = new byte[_reader.ValueSpan.Length];
        var unescaped = name.AsSpan(0, _reader.CopyString(name));
        return !unescaped.Contains((byte)0) && IsNew(Hash(unescaped));
    }

    private bool IsNew(ulong hash)
    {
        var (start, first, many) = _open.Pop();
        var isNew = many?.Add(hash) ?? _names.IndexOf(hash, first) < 0;
        _names.Add(hash);
        if (many is null && _names.Count - first > Few)
            many = [.. _names.Skip(first)];
        _open.Push((start, first, many));
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
}
