namespace Worker.Commands;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int SomeFailed = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int NotFound = 4;

    /// <summary><c>worker migrate --check</c>: steps of a schema are to be taken.</summary>
    public const int StepsAreDue = 5;

    /// <summary>The watchdog ended a worker that was stuck; a new one goes on.</summary>
    public const int Stuck = Diagnostics.Watchdog.ExitCode;
}
