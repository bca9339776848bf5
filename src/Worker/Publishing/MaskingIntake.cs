using Worker.Masking;
using Worker.Storage;

namespace Worker.Publishing;

/// <summary>Before all that takes messages from the front: none is sent or kept with what is to be masked.</summary>
internal sealed class MaskingIntake(IMessageIntake intake, Masker masker, MaskingMetrics metrics) : IMessageIntake
{
    public string Name => intake.Name;

    public async Task TakeAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var (body, counts) = masker.Mask(message.Body);
        await intake.TakeAsync(counts is null ? message : message with { Body = body }, cancellationToken);
        metrics.Add(counts);
    }
}
