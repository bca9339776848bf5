using Worker.Evaluation.JavaScript;

namespace Worker.Hosting;

/// <summary>Processes that the worker starts of its own program. Their commands are not for people.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it to its end and gives the exit code; null where the arguments are a person's.</summary>
    public static int? Run(string[] arguments) => arguments is [JavaScriptHost.Command, _, ..]
        ? JavaScriptHost.Run(arguments[1..])
        : null;
}
