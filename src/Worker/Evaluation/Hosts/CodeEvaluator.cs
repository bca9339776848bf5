using Microsoft.Extensions.Options;
using Worker.Evaluation.Yaml;
using Worker.Traces;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Hosts;

/// <summary>
/// A kind whose code is called with the Log. The last function that it defines gives the judgment.
/// </summary>
internal sealed class CodeEvaluator(
    CodePool pool, IOptions<EvaluationOptions> evaluation) : IEvaluatorKind, IDisposable
{
    private const int MaxCodeBytes = 256 * 1024;

    private const string TimeoutAccepted = "a duration from 10ms to 5m is accepted, such as `500ms` or `5s`";

    private readonly string _folder = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, evaluation.Value.Evaluators));

    public string Name => pool.Language.Kind;

    public bool IsExecutable => true;

    public Judging? Read(YamlMap map, YamlErrors mistakes)
    {
        var returns = JudgmentKeys.Read(
            map,
            mistakes,
            ReturnType.Boolean,
            ReturnType.Number,
            ReturnType.Text,
            ReturnType.Select,
            ReturnType.MultiSelect);
        var timeout = ReadTimeout(map);
        var code = ReadCode(map);
        return returns is null || code is null || timeout is null
            ? null
            : new(returns, Call: new CodeCall(pool, returns.Returns, code, timeout.Value));
    }

    public void Dispose() => pool.Dispose();

    private TimeSpan? ReadTimeout(YamlMap map)
    {
        if (map.Optional("timeout") is not { } node)
            return pool.Language.Options.Timeout;
        if (node is YamlScalarNode { Value: { } text }
            && DurationText.Seconds(text) is >= 0.01 and <= 300 and var seconds)
            return TimeSpan.FromSeconds(seconds);
        map.Mistake("timeout", $"This is no duration that a call may take; {TimeoutAccepted}.");
        return null;
    }

    private string? ReadCode(YamlMap map)
    {
        if (!map.Has("file"))
            return map.RequiredText(
                "code",
                $"{pool.Language.Name} code is accepted, or `file: NAME{pool.Language.Extension}` beside the " +
                "Evaluators");
        var file = map.OptionalText("file", "the name of a file beside the Evaluators is accepted");
        if (map.Has("code"))
            map.Mistake("file", "There is code, too; one of both is accepted.");
        else if (file is not null && ReadFile(map, file) is { } code)
        {
            // The code itself makes the Version: another text in the file is another Evaluator.
            map.Replace("file", "code", code);
            return code;
        }

        return null;
    }

    private string? ReadFile(YamlMap map, string name)
    {
        var file = Path.GetFullPath(Path.Combine(_folder, name));
        if (!file.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            map.Mistake("file", $"{name} lies outside the folder of the Evaluators; a file in it is accepted.");
            return null;
        }

        try
        {
            if (new FileInfo(file).Length is > 0 and <= MaxCodeBytes)
                return File.ReadAllText(file);
            map.Mistake("file", $"{name} is empty, or larger than {MaxCodeBytes / 1024} KiB.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            map.Mistake("file", $"{name} cannot be read ({exception.Message}); a file in {_folder} is accepted.");
        }

        return null;
    }
}
