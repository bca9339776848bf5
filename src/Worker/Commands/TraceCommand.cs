using System.CommandLine;
using Worker.Reading;

namespace Worker.Commands;

/// <summary><c>worker trace ID</c>: one trace, as a tree or as JSON.</summary>
internal static class TraceCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id of any Log." };
        var json = CommandContext.JsonOption(
            "Print that Log with everything under it as one JSON object, " +
            "in the shape of the Update Flow Log response.");
        var revisions = new Option<bool>("--revisions")
        {
            Description = "Also show the verdicts that later content superseded.",
        };
        var command = new Command(
            "trace", "Show the trace that a Log belongs to: every Log under its head, with verdicts.")
        {
            id, json, revisions,
        };
        command.SetAction((result, cancellationToken) => context.WithStoreAsync(
            services => ShowAsync(
                context,
                services.GetRequiredService<TraceReader>(),
                result.GetRequiredValue(id),
                result.GetValue(json),
                result.GetValue(revisions),
                cancellationToken),
            cancellationToken));
        return command;
    }

    public static async Task<int> ShowAsync(
        CommandContext context,
        TraceReader reader,
        string id,
        bool json,
        bool revisions,
        CancellationToken cancellationToken)
    {
        var view = json
            ? await reader.ReadAsync(id, cancellationToken)
            : await reader.ReadWholeAsync(id, cancellationToken);
        if (view is null)
            return context.Fail(
                ExitCodes.NotFound, $"No Log {id} is stored; worker explain {id} says whether it was deleted.");

        var entries = reader.EntriesAsync(view, cancellationToken);
        if (json)
        {
            var style = new LogJsonStyle { AllRevisions = revisions, Indented = true };
            await LogJson.WriteAsync(context.Terminal.OutputStream, view, entries, style, cancellationToken);
            context.Terminal.Output.WriteLine();
        }
        else
        {
            await TraceTree.WriteAsync(context.Terminal.Ansi, view, entries, revisions);
        }

        return ExitCodes.Done;
    }
}
