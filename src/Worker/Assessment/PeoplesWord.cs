using System.Globalization;
using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Assessment;

/// <summary>
/// What people say of one Log, as one judgment. Of one person (<c>user</c>) the latest verdict counts; a verdict that
/// names nobody is a person's of its own. Of several people it is what most say, or their mean where they give numbers.
/// </summary>
internal sealed class PeoplesWord
{
    private readonly Dictionary<string, Log> _byPerson = new(StringComparer.Ordinal);
    private readonly List<Log> _nameless = [];

    public bool IsEmpty => _byPerson.Count + _nameless.Count == 0;

    public void Add(Log verdict)
    {
        if (verdict.Text(LogFields.User) is not { Length: > 0 } person)
            _nameless.Add(verdict);
        else if (!_byPerson.TryGetValue(person, out var known) || IsLater(verdict, known))
            _byPerson[person] = verdict;
    }

    /// <param name="returns">What the Evaluator returns, to whose judgments these are compared.</param>
    /// <param name="meant">What else a judgment stands for, by how people write it.</param>
    public Word Of(ReturnType returns, IReadOnlyDictionary<string, string> meant)
    {
        var verdicts = _byPerson.Values.Concat(_nameless).ToList();
        var failed = verdicts.Count(verdict => verdict.Text(LogFields.Error) is not null);
        var said = verdicts
            .Where(verdict => verdict.Text(LogFields.Error) is null)
            .Select(verdict => Judgments.Given(verdict.Judgment))
            .OfType<JsonValue>()
            .Select(judgment => meant.TryGetValue(Judgments.Plain(judgment), out var other)
                ? Judgments.Of(returns, other)
                : judgment)
            .ToList();
        var word = new Word { Said = said.Count, Failed = failed, Abstained = verdicts.Count - failed - said.Count };
        return said.Count == 0 ? word : Joined(word, returns, said);
    }

    public static bool IsLater(Log verdict, Log than) =>
        (verdict.CreatedAt, verdict.FirstReceivedAt).CompareTo((than.CreatedAt, than.FirstReceivedAt)) is var order
        && (order > 0 || (order == 0 && string.CompareOrdinal(verdict.Id, than.Id) > 0));

    private static Word Joined(Word word, ReturnType returns, List<JsonValue> said)
    {
        var texts = said.Select(judgment => (Judgment: judgment, Text: Judgments.Text(returns, judgment))).ToList();
        if (texts.Exists(each => each.Text is null))
            return word with { IsUnfit = true };
        if (returns == ReturnType.Number)
        {
            var numbers = texts.ConvertAll(each => Judgments.Number(each.Text!));
            return word with
            {
                Judgment = JsonValue.Parse(numbers.Average().ToString("R", CultureInfo.InvariantCulture)),
                IsUnanimous = numbers.TrueForAll(number => number == numbers[0]),
            };
        }

        var sides = texts.GroupBy(each => each.Text, StringComparer.Ordinal).ToList();
        var most = sides.MaxBy(side => side.Count())!;
        return sides.Count(side => side.Count() == most.Count()) > 1
            ? word with { IsSplit = true }
            : word with { Judgment = most.First().Judgment, IsUnanimous = sides.Count == 1 };
    }
}
