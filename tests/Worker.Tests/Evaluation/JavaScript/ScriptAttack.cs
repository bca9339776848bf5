namespace Worker.Tests.Evaluation.JavaScript;

/// <summary>Code that wants more than a judgment. It returns "out" where it got what it wanted.</summary>
/// <param name="Error">What the answer's error says.</param>
/// <param name="Seconds">Its timeout. Short for those that do not end by themselves.</param>
internal sealed record ScriptAttack(string Name, string Code, string Error, double Seconds = 60);
