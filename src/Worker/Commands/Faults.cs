using System.Net.Sockets;
using System.Reflection;
using System.Security.Authentication;
using Polly.Timeout;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Front;
using Worker.Ingestion;
using Worker.RabbitMq;

namespace Worker.Commands;

/// <summary>
/// Turns any exception into a sentence: what happened, where, and what to do. A known cause is looked for among inner
/// exceptions, too. Anything else is a defect, and the sentence names the method in which it came up.
/// </summary>
internal static class Faults
{
    /// <param name="exception">Whatever a command, a service of the host or another thread ended with.</param>
    /// <param name="command">As it is called, e.g. "worker dead-letters list".</param>
    /// <param name="isInterrupted">
    /// The user has asked for the end: then a cancellation is that, and no time-out.
    /// </param>
    public static Fault Describe(Exception exception, string command, bool isInterrupted) =>
        All(exception).Select(cause => Known(cause, command, isInterrupted)).FirstOrDefault(fault => fault is not null)
        ?? Unknown(Unwrap(exception), command);

    private static Fault? Known(Exception exception, string command, bool isInterrupted) => exception switch
    {
        ConfigurationException or EvaluatorFileException => new(ExitCodes.Usage, exception.Message),
        StoreUnusableException unusable => new(
            unusable.IsServersFault ? ExitCodes.Unreachable : ExitCodes.Usage, exception.Message),
        StoreUnavailableException or ServerUnreachableException => new(ExitCodes.Unreachable, exception.Message),
        StoreUnexpectedException => new(ExitCodes.Unreachable, exception.Message),
        OperationCanceledException when isInterrupted => new(ExitCodes.SomeFailed, "Interrupted before it was done."),
        OperationCanceledException or TimeoutException or TimeoutRejectedException => new(
            ExitCodes.Unreachable,
            $"{command} waited too long for a server or the store and gave up{Place(exception)} " +
            $"({OneLine.Of(exception.Message)}); see that they run and answer, then try again."),
        _ when exception.IsClientFault() => new(
            ExitCodes.Unreachable,
            $"RabbitMQ, or the network on the way to it, failed {command} ({OneLine.Of(exception.Message)}); " +
            "see that it runs and what its log says, then try again."),
        _ when FrontAddress.IsTaken(exception) => new(
            ExitCodes.Usage,
            $"Another program listens where the front of {command} should ({OneLine.Of(exception.Message)}); " +
            $"end it, set {FrontAddress.Key} to another port, or Front:Enabled to false."),
        SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } => new(
            ExitCodes.Usage,
            $"The system does not let {command} listen or connect there ({OneLine.Of(exception.Message)}); " +
            $"set {FrontAddress.Key} to an address of this machine and a port above 1023."),
        SocketException or AuthenticationException => new(
            ExitCodes.Unreachable,
            $"The network failed {command} ({OneLine.Of(exception.Message)}); " +
            "see that the configured servers run and can be reached, then try again."),
        IOException or UnauthorizedAccessException => new(
            ExitCodes.SomeFailed,
            $"{command} could not use a file, or what it reads from or prints to " +
            $"({OneLine.Of(exception.Message)}{Because(exception)}); " +
            "look at the disk, the rights and the redirections, then try again."),
        OutOfMemoryException => new(
            ExitCodes.SomeFailed,
            $"{command} ran out of memory{Place(exception)}; " +
            "give it more, or lower Ingestion:Prefetch and Evaluation:Parallelism."),
        _ => null,
    };

    private static Fault Unknown(Exception exception, string command) => new(
        ExitCodes.SomeFailed,
        $"{command} failed by a fault of its own{Place(exception)} " +
        $"({exception.GetType().Name}: {OneLine.Of(exception.Message)}); " +
        "try it once more, and if it stays, report it with what --verbose adds.");

    /// <summary>From the outside in, the branches of an aggregate one after the other.</summary>
    private static IEnumerable<Exception> All(Exception exception)
    {
        IEnumerable<Exception> inner = exception is AggregateException all ? all.InnerExceptions
            : exception.InnerException is { } only ? [only] : [];
        return inner.SelectMany(All).Prepend(exception);
    }

    /// <summary>The exception behind one that only says that there was another.</summary>
    private static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Unwrap(first),
        TypeInitializationException or TargetInvocationException or ChunkLapsedException
            when exception.InnerException is { } inner => Unwrap(inner),
        _ => exception,
    };

    private static string Because(Exception exception) => exception.InnerException is { } inner
        ? ": " + OneLine.Of(inner.Message)
        : "";

    private static string Place(Exception exception) => FaultPlace.Find(exception) is { } place ? " in " + place : "";
}
