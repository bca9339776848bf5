namespace Worker.Commands;

/// <summary>
/// What a user is told of something that went wrong: one sentence (a line for each fault of a configuration), and what
/// the program ends with.
/// </summary>
internal sealed record Fault(int ExitCode, string Sentence);
