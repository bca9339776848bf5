namespace Worker.Tests.Evaluation.Python;

/// <summary>
/// Code that wants more than a judgment. Its Log names what is there to be harmed: <c>store</c> and <c>config</c>, two
/// files; <c>worker</c>, a process of the same user with a secret in its environment; and <c>elsewhere</c>, a folder.
/// It returns "out" where it got what it wanted.
/// </summary>
/// <param name="Error">What the answer's error says; null where that depends on the system.</param>
/// <param name="Seconds">Its timeout. Short for those that do not end by themselves.</param>
/// <param name="GetsOutAtLimits">Without the fence it succeeds: so it is the fence that holds it.</param>
internal sealed record Attack(
    string Name, string Code, string? Error, double Seconds = 60, bool GetsOutAtLimits = false);
