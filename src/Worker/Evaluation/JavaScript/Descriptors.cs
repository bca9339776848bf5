using System.Runtime.InteropServices;

namespace Worker.Evaluation.JavaScript;

/// <summary>Bytes through descriptors, unbuffered: what follows belongs to somebody else.</summary>
internal static class Descriptors
{
    private const int Interrupted = 4;

    /// <summary>False at the end. Throws <see cref="IOException"/>.</summary>
    public static bool Fill(int descriptor, Span<byte> room)
    {
        while (room.Length > 0)
        {
            var came = Libc.Read(descriptor, ref MemoryMarshal.GetReference(room), room.Length);
            if (came == 0)
                return false;
            if (came > 0)
                room = room[(int)came..];
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                Libc.Check(came, "read");
        }

        return true;
    }

    /// <summary>Throws <see cref="IOException"/>.</summary>
    public static void Write(int descriptor, ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            var gone = Libc.Write(descriptor, ref MemoryMarshal.GetReference(content), content.Length);
            if (gone >= 0)
                content = content[(int)gone..];
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                Libc.Check(gone, "write");
        }
    }
}
