using System.Buffers.Binary;
using System.Globalization;
using MongoGateway.Bson;
using MongoGateway.Wire;

namespace MongoGateway;

/// <summary>A command: the first element of the body names it.</summary>
internal sealed record Request(string Command, string Database, BsonElement Target, BsonDocument Body, Memory<byte>? Sequence)
{
    /// <summary>16 MiB for a document and 16 KiB for the command around it.</summary>
    public const int MaxCommandBytes = 16_793_600;

    /// <summary>The collection that the command names, where it names one.</summary>
    public string Collection => Target.AsString();

    /// <exception cref="CommandException">The message is no command, or too large for one.</exception>
    public static Request Of(WireMessage message)
    {
        RefuseLarge(message.Body.Bytes.Length);
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

        var target = message.Body.Elements().FirstOrDefault();
        return new Request(target.Name ?? "", DatabaseOf(message), target, message.Body, message.Sequence);
    }

    /// <summary>What names a write that a driver may send twice; null for a write that it may not.</summary>
    public string? RetryId() => Body.Find("txnNumber") is { } number && Body.Find("lsid") is { } session
        ? string.Create(CultureInfo.InvariantCulture, $"{number.AsInt64()}|{Convert.ToHexString(session.Value.Span)}")
        : null;

    private static string DatabaseOf(WireMessage message) =>
        message.Namespace is { } ns ? ns.Split('.')[0]
        : message.Body.Find("$db")?.AsString() ?? throw new CommandException(ErrorCode.UnknownField, "OP_MSG requests require a $db argument.");

    private static void RefuseLarge(int length)
    {
        if (length > MaxCommandBytes)
        {
            throw new CommandException(ErrorCode.BsonObjectTooLarge, $"BSONObj size: {length} is invalid. Size must be between 0 and {MaxCommandBytes}.");
        }
    }
}
