using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Worker.Commands;

/// <summary>The method of this program in which an exception came up, as it is written in the source.</summary>
internal static partial class FaultPlace
{
    /// <summary>E.g. <c>StoreCheck.CheckAsync</c>; null when no method of this program was on the way.</summary>
    public static string? Find(Exception exception) =>
        new StackTrace(exception).GetFrames()
            .Select(frame => DiagnosticMethodInfo.Create(frame))
            .OfType<DiagnosticMethodInfo>()
            .Where(method => method.DeclaringTypeName.StartsWith("Worker.", StringComparison.Ordinal))
            .Select(Words)
            .FirstOrDefault();

    /// <summary>
    /// The compiler keeps an asynchronous method as <c>MoveNext</c> of a class that is named by it; a lambda within one
    /// likewise.
    /// </summary>
    private static string Words(DiagnosticMethodInfo method)
    {
        var types = method.DeclaringTypeName.Split('+');
        var type = types[0][(types[0].LastIndexOf('.') + 1)..];
        var written = types.Skip(1).Append(method.Name).Select(name => Written().Match(name)).LastOrDefault(
            match => match.Success);
        return $"{type}.{(written is null ? method.Name : written.Groups[1].Value)}".Replace(
            "..ctor", "'s constructor", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^<(\w+)>")]
    private static partial Regex Written();
}
