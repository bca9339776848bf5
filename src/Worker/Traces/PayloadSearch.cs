using System.Buffers;

namespace Worker.Traces;

/// <summary>
/// Finds a text in what Logs hold, in whatever case: see <see cref="PayloadTexts"/>. Safe to use from several threads
/// at once.
/// </summary>
internal sealed class PayloadSearch(string text)
{
    private readonly SearchValues<string> _text = SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);

    public bool IsIn(Log log)
    {
        foreach (var field in PayloadTexts.Fields)
        {
            if (IsIn(log[field]))
                return true;
        }

        return false;
    }

    public bool IsIn(JsonValue? json) =>
        json is { } value && PayloadTexts.Any(value, part => part.ContainsAny(_text));
}
