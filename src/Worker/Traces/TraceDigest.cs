using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Worker.Traces;

/// <summary>
/// An order-free hash over the members' (id, content hash): the same content gives the same digest, whatever the order,
/// the duplicates and the workers. Hashed are the users' fields and the resolved Version; not stamps, receipts,
/// problems or labels. Of each member its id and a hash are kept until all are there.
/// </summary>
internal sealed class TraceDigest
{
    private readonly List<(string Id, ContentHash Hash)> _members = [];
    private readonly ArrayBufferWriter<byte> _content = new(1024);

    /// <summary>Lower hex SHA-256.</summary>
    public static string Of(IEnumerable<Log> members)
    {
        var digest = new TraceDigest();
        foreach (var member in members)
            digest.Add(member);
        return digest.Result();
    }

    /// <summary>Each member once.</summary>
    public void Add(Log member)
    {
        _content.ResetWrittenCount();
        WriteContent(member, _content);
        var hash = default(ContentHash);
        SHA256.HashData(_content.WrittenSpan, hash);
        _members.Add((member.Id, hash));
    }

    /// <summary>Lower hex SHA-256 over all that were added.</summary>
    public string Result()
    {
        _members.Sort(static (left, right) => string.CompareOrdinal(left.Id, right.Id));
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, hash) in _members)
            digest.AppendData(hash);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
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
            Encoding.ASCII.GetBytes(entry.Field.Name, output);
            output.Write("\":"u8);
            CanonicalJson.WriteExact(value.Utf8, output);
            output.Write(","u8);
        }

        output.Write("]"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        CanonicalJson.WriteText(text, output);
        output.Write(","u8);
    }

    [InlineArray(SHA256.HashSizeInBytes)]
    private struct ContentHash
    {
        private byte _first;
    }
}
