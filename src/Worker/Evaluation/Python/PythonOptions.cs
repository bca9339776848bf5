using System.ComponentModel.DataAnnotations;
using Worker.Evaluation.Hosts;

namespace Worker.Evaluation.Python;

/// <summary>How the code of <c>python</c> Evaluators is run. Section <c>Evaluation:Python</c>.</summary>
internal sealed class PythonOptions : CodeOptions
{
    public const string SectionName = "Evaluation:Python";

    /// <summary>The interpreter, Python 3.9 or newer: a path, or a name that is looked up in PATH.</summary>
    [Required]
    public string Path { get; set; } = "python3";

    /// <summary>
    /// Modules of the standard library, with commas between, that are imported before any call, so that no call waits
    /// for them. On a kernel without Landlock, strict has no others.
    /// </summary>
    public string Preload { get; set; } =
        "collections,dataclasses,datetime,decimal,difflib,hashlib,itertools,math,random,re,statistics,string," +
        "textwrap,typing,unicodedata,urllib.parse";
}
