using System.Text.Json;
using Worker.Evaluation.Rules;
using Worker.Files;

namespace Worker.Evaluation.Models;

/// <summary>Which Logs of the trace a variable of the prompt stands for, and what of them.</summary>
/// <param name="Of"><c>tool</c>, <c>prompt</c>, <c>flow</c> (under the head), or <c>head</c>, the judged Log.</param>
/// <param name="Path">Of their Files; null is any.</param>
internal sealed record MappedInput(string Name, string Of, PathGlob? Path, MappedPlace Take, FieldPath Field)
{
    /// <summary>Throws <see cref="NoPromptException"/> where the trace has no such Log.</summary>
    public string Read(TraceLog head)
    {
        var logs = Of == "head" ? [head] : head.All().Skip(1).Select(each => each.Log).Where(IsMeant);
        if (Take == MappedPlace.All)
            return $"[{string.Join(",\n", logs.Select(log => log.Read(Field)).Select(Quoted))}]";

        var found = Take == MappedPlace.First ? logs.Take(1).ToList() : logs.TakeLast(1).ToList();
        if (found is [] || found[0].Read(Field) is not { } value)
            throw new NoPromptException($"The trace has nothing for the input {Name}.", abstains: true);
        return TraceLog.Words(value);
    }

    private bool IsMeant(TraceLog log) => log.Kind == Of && Path?.Matches(log.Path) != false;

    private static string Quoted(JsonElement? value) => value is { } found ? TraceLog.Quoted(found) : "null";
}
