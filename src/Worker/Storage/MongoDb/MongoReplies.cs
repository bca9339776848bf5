using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>What a server's replies say.</summary>
internal static class MongoReplies
{
    /// <summary>The reply; throws <see cref="MongoException"/> when it says that the command, or its write concern, failed.</summary>
    public static BsonView Check(ReadOnlyMemory<byte> bytes)
    {
        var reply = new BsonView(bytes);
        if (reply["ok"].AsInt64() != 1)
            throw Error(reply, reply);
        if (reply.Find("writeConcernError"u8) is { Type: BsonType.Document } concern)
            throw Error(concern.AsView(), reply);
        return reply;
    }

    /// <summary>By index in the command, the codes of the statements that failed.</summary>
    public static IEnumerable<(int Index, MongoException Error)> WriteErrors(BsonView reply)
    {
        var errors = new List<(int, MongoException)>();
        if (reply.Find("writeErrors"u8) is { Type: BsonType.Array } found)
        {
            foreach (var error in found.AsView())
                errors.Add((error.AsView()["index"].AsInt32(), Error(error.AsView(), reply)));
        }

        return errors;
    }

    /// <summary>The indexes of the statements that inserted.</summary>
    public static IEnumerable<int> Upserted(BsonView reply)
    {
        var indexes = new List<int>();
        if (reply.Find("upserted"u8) is { Type: BsonType.Array } found)
        {
            foreach (var upserted in found.AsView())
                indexes.Add(upserted.AsView()["index"].AsInt32());
        }

        return indexes;
    }

    private static MongoException Error(BsonView error, BsonView reply)
    {
        var labels = new List<string>();
        if (reply.Find("errorLabels"u8) is { Type: BsonType.Array } found)
        {
            foreach (var label in found.AsView())
                labels.Add(label.AsString());
        }

        return new(
            MongoFault.Server,
            error.Find("code"u8)?.AsInt32() ?? 0,
            error.Find("errmsg"u8)?.AsStringOrNull() ?? "the server says no more",
            labels);
    }
}
