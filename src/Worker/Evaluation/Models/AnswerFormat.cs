namespace Worker.Evaluation.Models;

/// <summary>
/// How a model is asked for a judgment that a program can read: the surest first. Which one a model can do is tried.
/// </summary>
internal enum AnswerFormat
{
    /// <summary>A JSON schema that the service holds the answer to (<c>response_format</c>).</summary>
    Schema,

    /// <summary>The arguments of a function that the model is told to call.</summary>
    Tool,

    /// <summary>JSON, asked for in words.</summary>
    Json,

    /// <summary>The judgment on the last line, after the reason.</summary>
    LastLine,
}
