using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>
/// Is told which letters are about to be thrown away, and lets it happen: what it throws instead keeps them.
/// </summary>
/// <param name="slice">A thousand letters at most, without their bodies.</param>
/// <param name="discard">Throws just these away, and returns how many were still there.</param>
internal delegate Task<int> DiscardStep(IReadOnlyList<DeadLetter> slice, Func<Task<int>> discard);
