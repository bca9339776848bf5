using System.Runtime.InteropServices;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.Bson;

/// <summary>What libbson makes of documents.</summary>
internal static unsafe partial class Libbson
{
    /// <summary>As libbson's own JSON; null when it takes the bytes for no document.</summary>
    public static string? ToJson(byte[] document)
    {
        var bson = NativeMemory.AlignedAlloc(LibMongoc.BsonSize, LibMongoc.BsonSize);
        try
        {
            fixed (byte* data = document)
            {
                if (!LibMongoc.bson_init_static(bson, data, (nuint)document.Length))
                    return null;
                var text = bson_as_relaxed_extended_json(bson, out var length);
                if (text == 0)
                    return null;
                var json = Marshal.PtrToStringUTF8(text, (int)length);
                bson_free(text);
                return json;
            }
        }
        finally
        {
            NativeMemory.AlignedFree(bson);
        }
    }

    [LibraryImport(LibMongoc.Bson)]
    private static partial nint bson_as_relaxed_extended_json(void* bson, out nuint length);

    [LibraryImport(LibMongoc.Bson)]
    private static partial void bson_free(nint memory);
}
