using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Worker.Evaluation.Hosts;

namespace Worker.Evaluation.JavaScript;

/// <summary>JavaScript, run by Jint in the worker's own program.</summary>
internal sealed class JavaScriptLanguage(IOptions<JavaScriptOptions> options) : ICodeLanguage
{
    /// <summary>What a host is started with.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "worker");

    public string Kind => "javascript";

    public string Name => "JavaScript";

    public string Extension => ".js";

    public string Section => JavaScriptOptions.SectionName;

    public CodeOptions Options => options.Value;

    /// <summary>
    /// One thread alone may be at work in a host: <see cref="JavaScriptHost"/> says why. Nor may code be written
    /// through memory that a child would share with it.
    /// </summary>
    public HostCommand Host() => new(
        Program,
        [JavaScriptHost.Command, options.Value.FenceName],
        new Dictionary<string, string>
        {
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
            ["DOTNET_TieredCompilation"] = "0",
            ["DOTNET_EnableWriteXorExecute"] = "0",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_EnableDiagnostics"] = "0",

            // In hexadecimal: 8 MiB between collections, so that what a call throws away counts little.
            ["DOTNET_GCgen0size"] = "800000",
        });

    public string CannotStart(string why) =>
        $"The host of JavaScript code cannot be started as \"{Program}\" ({why}). It is the worker's own program, " +
        "which has to lie in the worker's folder.";

    public string IsNotReady(string lastWords) =>
        $"The host of JavaScript code was started as \"{Program}\", but is not ready: {lastWords} " +
        "It is the worker's own program, and needs the same .NET.";
}
