using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Front;
using Worker.Hosting;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Publishing;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>
/// What <c>run</c> and <c>serve</c> say at their start, a line each: what they use, what is attached, where the data
/// lies, and where the front listens.
/// </summary>
internal static class StartNotice
{
    public static IEnumerable<string> Lines(IServiceProvider services)
    {
        var mode = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Mode;
        var evaluators = services.GetRequiredService<EvaluatorCatalog>().All
            .Where(evaluator => !evaluator.Attachments.IsEmpty)
            .ToList();
        var source = services.GetRequiredService<MessageSource>().Name;
        yield return $"Uses: {mode.ToString().ToLowerInvariant()} mode; takes messages from {source}.";
        yield return evaluators.Count == 0
            ? "Attached: no Evaluators; logs are stored and linked, and nothing is judged."
            : $"Attached: {string.Join("; ", evaluators.Select(Words))}.";
        yield return $"Masks: {services.GetRequiredService<Masker>().Rules.Words}.";
        yield return $"Data: {services.GetRequiredService<IStore>().Description}.";
    }

    public static IEnumerable<string> FrontLines(IServiceProvider services)
    {
        var mode = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Mode;
        var intake = services.GetRequiredService<IMessageIntake>().Name;
        yield return $"Uses: {mode.ToString().ToLowerInvariant()} mode; puts messages into {intake}.";
        yield return $"Masks: {services.GetRequiredService<Masker>().Rules.Words}.";
        yield return $"Data: {services.GetRequiredService<IStore>().Description}.";
    }

    /// <summary>
    /// Once the host has started, and where it has a front. Throws as <see cref="FrontAccess.CheckAsync"/>.
    /// </summary>
    public static async Task SayWhereItListensAsync(
        this CommandContext context, IHost host, CancellationToken cancellationToken)
    {
        if (!FrontAddress.IsIn(host.Services))
            return;
        var whom = await host.Services.GetRequiredService<FrontAccess>().CheckAsync(cancellationToken);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
        {
            var address = FrontAddress.Of(host.Services);
            context.Terminal.Error.WriteLine($"Front: {address}/v5, {whom}.");
            if (host.Services.GetRequiredService<IOptions<FrontOptions>>().Value.Viewer)
                context.Terminal.Error.WriteLine($"Viewer: {address}/");
            if (HealthDoor.AddressIn(host.Services) is { } health)
                context.Terminal.Error.WriteLine($"Health: {health}/health/live, for whoever comes, without a key.");
        });
    }

    private static string Words(Evaluator evaluator) =>
        $"{evaluator.Path} to {string.Join(", ", evaluator.Attachments)}";
}
