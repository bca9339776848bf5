using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Worker.Evaluation.Rules;
using Worker.Models;

namespace Worker.Evaluation.Models;

/// <summary>
/// A text with variables: <c>{{log.inputs.x}}</c>, <c>{{log.output}}</c>, <c>{{trace}}</c>, or <c>{{name}}</c> of a
/// mapped input. What they stand for is put in once, and not looked at for variables.
/// </summary>
internal sealed partial class PromptTemplate
{
    private const string LogPrefix = "log.";

    private readonly ImmutableArray<PromptPart> _parts;

    private PromptTemplate(ImmutableArray<PromptPart> parts)
    {
        _parts = parts;
        FixedBytes = parts.Where(part => !part.IsVariable).Sum(part => BoundedText.Bytes(part.Text));
    }

    /// <summary>What the text takes, without the variables.</summary>
    public int FixedBytes { get; }

    /// <summary>Null when there are mistakes.</summary>
    public static PromptTemplate? Read(
        string text, IReadOnlyDictionary<string, MappedInput> inputs, Action<string> mistake)
    {
        var parts = ImmutableArray.CreateBuilder<PromptPart>();
        var mistakes = 0;
        var done = 0;
        foreach (Match match in Variable().Matches(text))
        {
            parts.Add(new(text[done..match.Index]));
            done = match.Index + match.Length;
            if (Part(match.Groups["name"].Value, inputs, out var problem) is { } part)
                parts.Add(part);
            else
                Note(problem);
        }

        parts.Add(new(text[done..]));
        if (parts.Any(part => !part.IsVariable && part.Text.Contains("{{", StringComparison.Ordinal)))
            Note("The prompt has {{ that no variable follows; {{log.output}}, {{trace}} and the like are accepted.");
        foreach (var unused in inputs.Keys.Except(parts.Select(part => part.Input?.Name ?? "")))
            Note($"The input {unused} is not in the prompt; put {{{{{unused}}}}} there, or leave it out.");
        return mistakes == 0 ? new(parts.ToImmutable()) : null;

        void Note(string sentence)
        {
            mistakes++;
            mistake(sentence);
        }
    }

    /// <summary>
    /// The text with its values. Where they are too long, the longest are cut. Throws <see cref="NoPromptException"/>.
    /// </summary>
    /// <param name="key">What the mark around values is made of.</param>
    /// <param name="maxBytes">The longest text that is made; values give way, marks and the template do not.</param>
    public FilledPrompt Fill(TraceLog head, bool isTruncated, string key, int maxBytes)
    {
        var variables = _parts.Where(part => part.IsVariable).ToList();
        var values = variables.Select(part => Value(part, head, isTruncated, maxBytes)).ToList();
        var longest = Longest(
            values.Select(value => value.Text), maxBytes - FixedBytes - (values.Count * DataMark.Bytes));
        var cut = variables.Zip(values)
            .Select(pair => BoundedText.Bytes(pair.Second.Text) <= longest ? pair.Second
                : IsTrace(pair.First) ? TraceText.Of(head, isTruncated, longest)
                : (Text: BoundedText.Cut(pair.Second.Text, longest), IsCut: true))
            .ToList();
        var mark = DataMark.Of(key, [.. cut.Select(value => value.Text)]);
        var next = 0;
        return new(
            string.Concat(_parts.Select(part => part.IsVariable ? mark.Around(cut[next++].Text) : part.Text)),
            mark,
            cut.Any(value => value.IsCut));
    }

    private static bool IsTrace(PromptPart part) => part is { Field: null, Input: null };

    private static (string Text, bool IsCut) Value(PromptPart part, TraceLog head, bool isTruncated, int maxBytes)
    {
        if (part.Input is { } input)
            return (input.Read(head), false);
        if (part.Field is not { } field)
            return TraceText.Of(head, isTruncated, maxBytes);
        if (head.IsWithheld && field.IsPayload)
            throw new NoPromptException(
                $"The judged Log was not to be saved; nobody knows {part.Text}.", abstains: true);
        return head.Read(field) is { } value ? (TraceLog.Words(value), false)
            : field.IsWhole ? ("null", false)
            : throw new NoPromptException($"The judged Log has nothing for {part.Text}.");
    }

    /// <summary>The greatest length to which values may go, so that all of them have room.</summary>
    private static int Longest(IEnumerable<string> values, int room)
    {
        var left = Math.Max(0, room);
        var sizes = values.Select(BoundedText.Bytes).Order().ToList();
        for (var i = 0; i < sizes.Count; i++)
        {
            var share = left / (sizes.Count - i);
            if (sizes[i] > share)
                return share;
            left -= sizes[i];
        }

        return int.MaxValue;
    }

    private static PromptPart? Part(
        string name, IReadOnlyDictionary<string, MappedInput> inputs, out string problem)
    {
        problem = "";
        var part = new PromptPart($"{{{{{name}}}}}", IsVariable: true);
        if (name == "trace")
            return part;
        if (inputs.TryGetValue(name, out var input))
            return part with { Input = input };
        if (!name.StartsWith(LogPrefix, StringComparison.Ordinal))
        {
            var names = string.Concat(inputs.Keys.Select(each => $", {each}"));
            problem = $"The variable {part.Text} is not known; accepted are trace, log.FIELD{names}.";
            return null;
        }

        var field = FieldPath.Parse(name[LogPrefix.Length..], out var why);
        problem = $"The variable {part.Text} cannot be used: {why}.";
        return field is null ? null : part with { Field = field };
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}\r\n]*?)\s*\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
