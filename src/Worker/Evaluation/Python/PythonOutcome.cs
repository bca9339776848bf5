namespace Worker.Evaluation.Python;

/// <summary>How a call came to its end. The numbers are those of host.py.</summary>
internal enum PythonOutcome
{
    Ended = 0,
    TimedOut = 1,
    TooMuchOutput = 2,
    TooLargeResult = 3,
}
