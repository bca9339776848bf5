using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>One redrive: which letters go, and when it stops.</summary>
/// <param name="watch">
/// Watches the first letter, and says as a sentence why no others may follow it; null when they may. Null where nothing
/// is watched.
/// </param>
/// <param name="onSent">Is told of each that was sent.</param>
internal sealed class Redrive(
    DeadLetterFilter filter, Func<DeadLetter, Task<string?>>? watch, Action<DeadLetter>? onSent)
{
    /// <param name="letters">Oldest first, each with its place.</param>
    /// <param name="send">Sends one again and takes it from its place; false when it was not there.</param>
    public async Task<RedriveReport> RunAsync<TPlace>(
        IAsyncEnumerable<(DeadLetter Letter, TPlace Place)> letters, Func<DeadLetter, TPlace, Task<bool>> send)
    {
        var (redriven, withheld) = (0, 0);
        DeadLetter? first = null;
        await foreach (var (letter, place) in letters)
        {
            if (!filter.Matches(letter))
                continue;
            if (letter.Withheld)
            {
                withheld++;
                continue;
            }

            if (redriven == 1 && watch is not null && await watch(first!) is { } stopped)
                return new(redriven, withheld, stopped);
            try
            {
                if (!await send(letter, place))
                    continue;
            }
            catch (MessageRejectedException rejected)
            {
                return new(redriven, withheld, rejected.Message);
            }

            first ??= letter;
            redriven++;
            onSent?.Invoke(letter);
        }

        return new(redriven, withheld);
    }
}
