using System.Buffers.Binary;
using System.Text;

namespace Worker.Evaluation.Hosts;

/// <summary>One call, as a host is asked for it.</summary>
/// <param name="Path">The Evaluator's: the file's name in a traceback.</param>
/// <param name="Log">Its JSON, UTF-8.</param>
internal sealed record CodeRequest(
    string Path,
    string Code,
    ReadOnlyMemory<byte> Log,
    TimeSpan Timeout,
    int MemoryMiB,
    int OutputBytes,
    int ResultBytes)
{
    /// <summary>Header, path and code, as a host reads them; the Log follows.</summary>
    public byte[] Head()
    {
        var path = Encoding.UTF8.GetBytes(Path);
        var code = Encoding.UTF8.GetBytes(Code);
        int[] numbers =
        [
            path.Length, code.Length, Log.Length, (int)Timeout.TotalMilliseconds, MemoryMiB, OutputBytes, ResultBytes,
        ];
        var head = new byte[sizeof(int) * (1 + numbers.Length)];
        "ask?"u8.CopyTo(head);
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(sizeof(int) * (i + 1)), numbers[i]);
        return [.. head, .. path, .. code];
    }
}
