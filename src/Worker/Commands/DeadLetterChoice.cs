using System.CommandLine;
using Worker.DeadLetters;

namespace Worker.Commands;

/// <summary>
/// Which letters a command is about: one by id, those of a reason, or all. Exactly one of the three is given.
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

    public void AddTo(Command command)
    {
        command.Add(_id);
        command.Add(_reason);
        command.Add(_all);
        command.Validators.Add(result =>
        {
            bool[] given =
            [
                result.GetValue(_id) is not null,
                result.GetValue(_reason) is not null,
                result.GetValue(_all),
            ];
            if (given.Count(each => each) != 1)
                result.AddError("Name one letter by its id, or --reason REASON, or --all.");
        });
    }

    public DeadLetterFilter Filter(ParseResult result) => new(result.GetValue(_id), result.GetValue(_reason));
}
