using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>
/// Whether something holds for one Log of a trace; null where that cannot be known, because its payload was not kept.
/// </summary>
internal delegate bool? Condition(Member member);
