namespace Worker.Evaluation.Hosts;

/// <summary>How a call came to its end. The numbers are those of the hosts.</summary>
internal enum CodeOutcome
{
    Ended = 0,
    TimedOut = 1,
    TooMuchOutput = 2,
    TooLargeResult = 3,
}
