using System.Text;
using System.Text.Json;

namespace Worker.Viewer.Mcp;

/// <summary>Items of a page, each cut by itself, until there are enough of them for an answer.</summary>
/// <param name="mostOfAnItem">In bytes; a value that was begun before it is ended.</param>
internal sealed class BoundedList(int mostOfAnItem = 4 * 1024)
{
    private readonly List<JsonElement> _items = [];
    private int _bytes;

    public IReadOnlyList<JsonElement> Items => _items;

    /// <summary>False where it would be too much: then it is not in the list. The first is always.</summary>
    public bool TryAdd(object item)
    {
        var json = BoundedJson.Cut(McpJson.Write(item), mostOfAnItem);
        var bytes = Encoding.UTF8.GetByteCount(json.GetRawText());
        if (_items.Count > 0 && _bytes + bytes > BoundedJson.MostBytes)
            return false;
        _items.Add(json);
        _bytes += bytes;
        return true;
    }
}
