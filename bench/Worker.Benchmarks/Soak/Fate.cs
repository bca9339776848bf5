namespace Worker.Benchmarks.Soak;

/// <summary>What is to become of a trace.</summary>
internal enum Fate
{
    /// <summary>It stays, but for the Logs of it that a message deletes.</summary>
    Kept,

    /// <summary>Retention removes it.</summary>
    Aged,

    /// <summary>It stays until <c>worker delete</c> removes it, which takes some of these.</summary>
    Erasable,
}
