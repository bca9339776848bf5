using System.Runtime.InteropServices;

namespace Worker.Evaluation.JavaScript;

/// <summary>As <c>poll</c> takes it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor(int descriptor, short events)
{
    public const short Readable = 1;

    /// <summary>One that is negative is not looked at.</summary>
    public int Descriptor = descriptor;

    public short Events = events;
    public short Returned;
}
