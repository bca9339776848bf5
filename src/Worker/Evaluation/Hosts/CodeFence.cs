namespace Worker.Evaluation.Hosts;

/// <summary>What the code of Evaluators is kept from.</summary>
internal enum CodeFence
{
    /// <summary>
    /// It cannot open a connection, write a file, read a file outside the libraries of its language, start a program
    /// or touch another process; and it has <see cref="Limits"/>. Linux on x86-64 or arm64.
    /// </summary>
    Strict,

    /// <summary>
    /// Memory, processor time, processes and sizes of files are bounded: stops accidents, not attacks.
    /// </summary>
    Limits,

    /// <summary>Nothing but the timeout and the bounds of output and result.</summary>
    None,
}
