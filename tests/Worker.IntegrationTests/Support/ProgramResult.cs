namespace Worker.IntegrationTests.Support;

internal sealed record ProgramResult(int ExitCode, string Output, string Error);
