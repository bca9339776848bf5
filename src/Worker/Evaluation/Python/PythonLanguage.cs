using Microsoft.Extensions.Options;
using Worker.Evaluation.Hosts;

namespace Worker.Evaluation.Python;

/// <summary>Python, run by an interpreter of the system.</summary>
internal sealed class PythonLanguage(IOptions<PythonOptions> options) : ICodeLanguage
{
    /// <summary>The folder of host.py.</summary>
    public string Scripts { get; init; } = Path.Combine(AppContext.BaseDirectory, "python");

    public string Kind => "python";

    public string Name => "Python";

    public string Extension => ".py";

    public string Section => PythonOptions.SectionName;

    public CodeOptions Options => options.Value;

    /// <summary>Not -I, which would ignore the hash seed: sets are walked in the same order in every call.</summary>
    public HostCommand Host() => new(
        options.Value.Path,
        [
            "-s", "-S", "-B", Path.Combine(Scripts, "host.py"),
            options.Value.FenceName, string.Concat(options.Value.Preload.Split(' ')),
        ],
        new Dictionary<string, string> { ["PYTHONHASHSEED"] = "0", ["PYTHONUTF8"] = "1" });

    public string CannotStart(string why) =>
        $"Python cannot be started as \"{options.Value.Path}\" ({why}). Install Python 3.9 or newer, " +
        "on Debian and Ubuntu with apt-get install python3, or name it in Evaluation:Python:Path.";

    public string IsNotReady(string lastWords) =>
        $"Python was started as \"{options.Value.Path}\", but is not ready: {lastWords} " +
        "It has to be an interpreter, 3.9 or newer, with its whole standard library.";
}
