using Worker.Reading;

namespace Worker.Assessment;

/// <summary>How what an Evaluator said in a time compares with what people say of the same Logs.</summary>
/// <param name="LookedAt">Logs that it judged in that time.</param>
/// <param name="IsCut">There were more of them, or of those with verdicts from outside, than are looked at.</param>
internal sealed record TimedAgreement(Agreement Agreement, VerdictTime Time, long LookedAt, bool IsCut);
