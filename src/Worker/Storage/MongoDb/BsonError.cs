using System.Runtime.InteropServices;

namespace Worker.Storage.MongoDb;

/// <summary><c>bson_error_t</c>: the driver's error, in 512 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BsonError
{
    private const int TextSize = 504;

    public uint Domain;
    public uint Code;
    private fixed byte _text[TextSize];

    public readonly string Text
    {
        get
        {
            fixed (byte* text = _text)
                return Marshal.PtrToStringUTF8((nint)text) ?? "";
        }
    }
}
