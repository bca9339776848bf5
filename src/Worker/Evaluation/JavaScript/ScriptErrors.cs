using Jint;
using Jint.Native.Error;
using Jint.Runtime;

namespace Worker.Evaluation.JavaScript;

/// <summary>What is said of what a script threw.</summary>
internal static class ScriptErrors
{
    private const int Frames = 6;

    /// <summary>Of a message, and of the frames under it.</summary>
    private const int Characters = 1000;

    public static string Describe(Exception failure)
    {
        try
        {
            return failure switch
            {
                JavaScriptException thrown => $"{Bounded(Message(thrown))}{Stack(thrown)}",
                ScriptPreparationException unread =>
                    Bounded($"SyntaxError: {unread.InnerException?.Message ?? unread.Message}"),
                RecursionDepthOverflowException => "RangeError: the code calls itself too deep.",
                _ => Bounded(failure.Message),
            };
        }
        catch (Exception) when (failure is not OutOfMemoryException)
        {
            // What it says of itself is the code's, too.
            return "The code threw something that cannot be told.";
        }
    }

    private static string Message(JavaScriptException thrown) => thrown.Error is ErrorInstance
        ? thrown.Error.ToString()
        : $"{thrown.Error} was thrown.";

    private static string Stack(JavaScriptException thrown)
    {
        var lines = (thrown.JavaScriptStackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var above = string.Concat(lines.Take(Frames).Select(line => $"\n{line.TrimEnd()}"));
        return above.Length > Characters ? above[..Characters] + "…" : above;
    }

    private static string Bounded(string text) => text.Length > Characters ? text[..Characters] + "…" : text;
}
