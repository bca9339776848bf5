using MongoDB.Bson.IO;

namespace Worker.Storage.MongoDb;

/// <summary>Elements that are left out where there is nothing to say, and lists.</summary>
internal static class BsonWriting
{
    public static void WriteTrue(this IBsonWriter bson, string name, bool value)
    {
        if (value)
            bson.WriteBoolean(name, true);
    }

    public static void WriteText(this IBsonWriter bson, string name, string? text)
    {
        if (text is not null)
            bson.WriteString(name, text);
    }

    public static void WriteWhole(this IBsonWriter bson, string name, long? number)
    {
        if (number is { } value)
            bson.WriteInt64(name, value);
    }

    public static void WriteTexts(this IBsonWriter bson, string name, IEnumerable<string?> texts)
    {
        bson.WriteStartArray(name);
        foreach (var text in texts)
        {
            if (text is null)
                bson.WriteNull();
            else
                bson.WriteString(text);
        }

        bson.WriteEndArray();
    }

    public static void WritePlaces(this IBsonWriter bson, string name, IEnumerable<int> places)
    {
        bson.WriteStartArray(name);
        foreach (var place in places)
            bson.WriteInt32(place);
        bson.WriteEndArray();
    }
}
