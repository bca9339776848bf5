using System.CommandLine;
using System.Text.Json;
using Worker.Audit;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker pin</c> and <c>worker unpin</c>: traces that are kept whatever their age.</summary>
internal static class PinCommand
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Command Create(CommandContext context)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "A Log; the whole trace that it is in is kept.", Arity = ArgumentArity.ZeroOrOne,
        };
        var list = new Option<bool>("--list") { Description = "Show what is pinned, the oldest pin first." };
        var json = CommandContext.JsonOption("With --list: print one JSON object a line.");
        var command = new Command("pin", "Keep a trace, whatever the rules of retention say.") { id, list, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is not null == result.GetValue(list))
                result.AddError("Name a Log by its id, or give --list.");
        });
        command.SetAction((result, token) => context.WithStoreAsync(
            services => result.GetValue(id) is { } logId
                ? PinAsync(context, services, logId, token)
                : ListAsync(context, services.GetRequiredService<IPinStore>(), result.GetValue(json), token),
            token));
        return command;
    }

    public static Command CreateUnpin(CommandContext context)
    {
        var id = new Argument<string>("ID") { Description = "The Log that was pinned." };
        var command = new Command("unpin", "Let the rules of retention hold again for what was pinned.") { id };
        command.SetAction((result, token) => context.WithStoreAsync(
            async services =>
            {
                var logId = result.GetRequiredValue(id);
                return await RecordAsync(
                    services,
                    AuditAct.LogUnpinned,
                    logId,
                    () => services.GetRequiredService<IPinStore>().UnpinAsync(logId, token),
                    token)
                    ? ExitCodes.Done
                    : context.Fail(
                        ExitCodes.NotFound, $"{logId} is not pinned; worker pin --list shows what is.");
            },
            token));
        return command;
    }

    private static async Task<int> PinAsync(
        CommandContext context, IServiceProvider services, string logId, CancellationToken cancellationToken)
    {
        var found = await services.GetRequiredService<ILogStore>().ReadAsync([logId], cancellationToken);
        if (found.GetValueOrDefault(logId) is not { IsDeleted: false })
            return context.Fail(ExitCodes.NotFound, $"No Log {logId} is stored.");
        var at = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var isNew = await RecordAsync(
            services,
            AuditAct.LogPinned,
            logId,
            () => services.GetRequiredService<IPinStore>().PinAsync(new(logId, at), cancellationToken),
            cancellationToken);
        context.Terminal.Error.WriteLine(
            isNew ? $"{logId} is pinned: its trace is kept until worker unpin." : $"{logId} was pinned already.");
        return ExitCodes.Done;
    }

    private static Task<bool> RecordAsync(
        IServiceProvider services,
        AuditAct act,
        string logId,
        Func<Task<bool>> change,
        CancellationToken cancellationToken)
    {
        var record = new ActRecord();
        record.Add(logId);
        return services.GetRequiredService<AuditTrail>().RecordAsync(
            AuditActor.OfCommandLine,
            act,
            record,
            async () =>
            {
                var isChanged = await change();
                record.IsNothing = !isChanged;
                return isChanged;
            },
            cancellationToken);
    }

    private static async Task<int> ListAsync(
        CommandContext context, IPinStore pins, bool json, CancellationToken cancellationToken)
    {
        var all = await pins.ListAsync(cancellationToken);
        foreach (var pin in all)
        {
            context.Terminal.Output.WriteLine(
                json ? JsonSerializer.Serialize(pin, SnakeCase) : $"{pin.LogId}  since {pin.At:yyyy-MM-dd HH:mm:ss}Z");
        }

        context.Terminal.Error.WriteLine($"{Counted.Phrase(all.Count, "pin")}.");
        return ExitCodes.Done;
    }
}
