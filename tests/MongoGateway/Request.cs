using System.Buffers.Binary;
using System.Globalization;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoGateway.Wire;

namespace MongoGateway;

/// <summary>A command: the first element of the body names it.</summary>
/// <param name="Target">The value beside its name: mostly a collection.</param>
/// <param name="Body">Without the documents of a section of its own.</param>
/// <param name="Bytes">The body as it came, which the engine takes.</param>
internal sealed record Request(
    string Command, string Database, BsonValue Target, BsonDocument Body, byte[] Bytes, Memory<byte>? Sequence)
{
    /// <summary>16 MiB for a document and 16 KiB for the command around it.</summary>
    public const int MaxCommandBytes = 16_793_600;

    /// <summary>The collection that the command names, where it names one.</summary>
    public string Collection => Target.IsString
        ? Target.AsString
        : throw new CommandException(ErrorCode.TypeMismatch, "The collection is named by no string.");

    /// <exception cref="CommandException">The message is no command, or too large for one.</exception>
    public static Request Of(WireMessage message)
    {
        RefuseLarge(message.Body.Length);
        for (var rest = message.Sequence ?? default; !rest.IsEmpty;)
        {
            var length = rest.Length >= 5 ? BinaryPrimitives.ReadInt32LittleEndian(rest.Span) : 0;
            if (length < 5 || length > rest.Length)
            {
                throw new CommandException(ErrorCode.InvalidBson, "A section holds a document that is not BSON.");
            }

            RefuseLarge(length);
            rest = rest[length..];
        }

        var body = Read(message.Body);
        var first = body.ElementCount > 0
            ? body.GetElement(0)
            : throw new CommandException(ErrorCode.InvalidBson, "The message names no command.");
        return new Request(first.Name, DatabaseOf(message, body), first.Value, body, message.Body, message.Sequence);
    }

    /// <summary>What names a write that a driver may send twice; null for a write that it may not.</summary>
    public string? RetryId() => Body.TryGetValue("txnNumber", out var number) && Body.TryGetValue(
        "lsid", out var session)
        ? string.Create(
            CultureInfo.InvariantCulture, $"{number.ToInt64()}|{Convert.ToHexString(session.AsBsonDocument.ToBson())}")
        : null;

    private static BsonDocument Read(byte[] bytes)
    {
        try
        {
            return BsonSerializer.Deserialize<BsonDocument>(bytes);
        }
        catch (Exception exception) when (exception is FormatException or EndOfStreamException or InvalidOperationException or ArgumentException)
        {
            throw new CommandException(ErrorCode.InvalidBson, "The message holds a document that is not BSON.");
        }
    }

    private static string DatabaseOf(WireMessage message, BsonDocument body) =>
        message.Namespace is { } ns ? ns.Split('.')[0]
        : body.TryGetValue("$db", out var database) ? database.AsString
        : throw new CommandException(ErrorCode.UnknownField, "OP_MSG requests require a $db argument.");

    private static void RefuseLarge(int length)
    {
        if (length > MaxCommandBytes)
        {
            throw new CommandException(
                ErrorCode.BsonObjectTooLarge,
                $"BSONObj size: {length} is invalid. Size must be between 0 and {MaxCommandBytes}.");
        }
    }
}
