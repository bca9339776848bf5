using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Worker.Traces;

/// <summary>
/// An order-free hash over the members' (id, content hash): the same content gives the same digest, whatever the order, the
/// duplicates and the workers. Hashed are the users' fields and the resolved Version; not stamps, receipts, problems or labels.
/// </summary>
internal static class TraceDigest
{
    /// <summary>Lower hex SHA-256.</summary>
    public static string Of(IReadOnlyCollection<Log> members)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var content = new ArrayBufferWriter<byte>(1024);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var member in members.OrderBy(member => member.Id, StringComparer.Ordinal))
        {
            content.ResetWrittenCount();
            WriteContent(member, content);
            SHA256.HashData(content.WrittenSpan, hash);
            digest.AppendData(hash);
        }

        digest.GetHashAndReset(hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>A JSON array of everything that counts: an absent field and an unset one are alike.</summary>
    private static void WriteContent(Log log, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        WriteText(log.Id, output);
        WriteText(log.Kind.WireName(), output);
        WriteText(log.IsComplete ? "complete" : "", output);
        WriteText(log.Withheld ? "withheld" : "", output);
        WriteText(log.Resolution?.VersionId ?? "", output);
        foreach (var batch in log.Batches)
            WriteText(batch, output);
        foreach (var entry in log.Fields)
        {
            if (entry.Value is not { } value)
                continue;
            output.Write("\""u8);
            output.Write(Encoding.ASCII.GetBytes(entry.Field.Name));
            output.Write("\":"u8);
            CanonicalJson.WriteExact(value.Utf8.Span, output);
            output.Write(","u8);
        }

        output.Write("]"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        CanonicalJson.WriteExact(JsonValue.FromText(text).Utf8.Span, output);
        output.Write(","u8);
    }
}
