namespace Worker.Front.Otlp;

/// <summary>What a span's flags say besides those of W3C.</summary>
internal static class OtlpFlags
{
    private const uint IsKnown = 0x100;
    private const uint IsRemote = 0x200;

    /// <summary>The parent is in another process.</summary>
    public static bool SayRemote(uint flags) => (flags & (IsKnown | IsRemote)) == (IsKnown | IsRemote);
}
