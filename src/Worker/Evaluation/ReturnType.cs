namespace Worker.Evaluation;

/// <summary>The type of an Evaluator's judgments. The wire names are these in snake case.</summary>
internal enum ReturnType
{
    Boolean,
    Number,
    Select,
    MultiSelect,
    Text,
}
