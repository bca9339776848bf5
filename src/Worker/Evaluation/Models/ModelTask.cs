namespace Worker.Evaluation.Models;

/// <summary>What an Evaluator of the kind <c>llm</c> asks of which model.</summary>
/// <param name="Provider">Its name in the configuration.</param>
/// <param name="System">Who the model is; null is a judge of records.</param>
/// <param name="Temperature">0 to 2.</param>
/// <param name="MaxTokens">Of the answer, the thoughts of models that reason included.</param>
/// <param name="MaxPromptBytes">Of the filled template, in UTF-8.</param>
internal sealed record ModelTask(
    string Provider,
    string Model,
    PromptTemplate Template,
    string? System,
    float Temperature,
    int MaxTokens,
    int MaxPromptBytes);
