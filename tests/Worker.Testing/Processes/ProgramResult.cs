namespace Worker.Testing.Processes;

internal sealed record ProgramResult(int ExitCode, string Output, string Error);
