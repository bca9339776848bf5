using System.CommandLine;

namespace Worker.Commands;

/// <summary>
/// Which letters a command is about: one by id, those of a reason, exactly those of a list, or all; of these, only
/// those that were written before a time, where one is given.
/// </summary>
internal sealed class DeadLetterChoice
{
    private readonly Argument<string?> _id = new("ID")
    {
        Description = "The id that list shows.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "All letters of that reason.",
        HelpName = "REASON",
    };

    private readonly Option<bool> _all = new("--all") { Description = "All letters." };

    private readonly Option<string?> _idsFrom = new("--ids-from")
    {
        Description =
            "Exactly the letters that a file lists, - for standard input: a line is an id, or what list --json " +
            "prints. Those that are not there are told, and it ends with 1.",
        HelpName = "FILE",
    };

    private readonly Option<DateTimeOffset?> _before = TimeOption.Create(
        "--before", "Only letters that were written before; alone, all of these.");

    public void AddTo(Command command)
    {
        command.Add(_id);
        command.Add(_reason);
        command.Add(_all);
        command.Add(_idsFrom);
        command.Add(_before);
        command.Validators.Add(result =>
        {
            bool[] given =
            [
                result.GetValue(_id) is not null,
                result.GetValue(_reason) is not null,
                result.GetValue(_all),
                result.GetValue(_idsFrom) is not null,
            ];
            var isBounded = result.GetResult(_before) is not null;
            if (given.Count(each => each) is var choices && choices != 1 && !(choices == 0 && isBounded))
                result.AddError(
                    "Name one letter by its id, or --reason REASON, or --ids-from FILE, or --before TIME, or --all.");
        });
    }

    /// <summary>The letters; or what is wrong with the list, as a sentence.</summary>
    public async Task<(ChosenLetters? Chosen, string? Fault)> ReadAsync(
        ParseResult result, Terminal terminal, CancellationToken cancellationToken)
    {
        HashSet<string>? listed = null;
        if (result.GetValue(_idsFrom) is { } path)
        {
            (listed, var fault) = await DeadLetterIds.ReadAsync(terminal, path, cancellationToken);
            if (listed is null)
                return (null, fault);
        }

        return (
            ChosenLetters.Of(result.GetValue(_id), result.GetValue(_reason), result.GetValue(_before), listed), null);
    }
}
