using System.Runtime.InteropServices;
using System.Text;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>What one thread needs to call the driver: room for the command's and the reply's <c>bson_t</c>, used again and again.</summary>
internal sealed unsafe class MongocMemory : IDisposable
{
    private void* _command = NativeMemory.AlignedAlloc(LibMongoc.BsonSize, LibMongoc.BsonSize);
    private void* _reply = NativeMemory.AlignedAlloc(LibMongoc.BsonSize, LibMongoc.BsonSize);

    /// <summary>Blocks until the server has replied; throws <see cref="MongoException"/> when it does not.</summary>
    public byte[] Run(MongocClient client, string database, ReadOnlyMemory<byte> command)
    {
        var name = new byte[Encoding.UTF8.GetByteCount(database) + 1];
        Encoding.UTF8.GetBytes(database, name);
        fixed (byte* data = command.Span, namePointer = name)
        {
            if (!LibMongoc.bson_init_static(_command, data, (nuint)command.Length))
                throw new BsonException("The driver does not take the command: its length is not what it says.");

            var isDone = LibMongoc.mongoc_client_command_simple(client.DangerousGetHandle(), namePointer, _command, 0, _reply, out var error);
            try
            {
                var reply = Reply();
                return isDone || new BsonView(reply).Find("ok"u8) is not null ? reply : throw MongocFaults.Of(error);
            }
            finally
            {
                LibMongoc.bson_destroy(_reply);
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_command);
        NativeMemory.AlignedFree(_reply);
        _command = _reply = null;
    }

    private byte[] Reply()
    {
        var data = LibMongoc.bson_get_data(_reply);
        return new ReadOnlySpan<byte>(data, *(int*)data).ToArray();
    }
}
