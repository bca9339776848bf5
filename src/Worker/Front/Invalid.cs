using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// Why a request can never succeed as it is: where the fault lies, a sentence, and what kind of fault.
/// </summary>
internal sealed record Invalid(IReadOnlyList<string> Location, string Message, string Type)
{
    /// <summary>What the worker would refuse, told before it is taken.</summary>
    public static Invalid Of(Refusal refusal) => refusal.Reason switch
    {
        RefusalReason.MalformedJson when refusal.Field == "content_encoding" => new(
            ["header", "content-encoding"], refusal.Detail, "value_error"),
        RefusalReason.MalformedJson => new(["body"], refusal.Detail, "value_error.jsondecode"),
        RefusalReason.NotAnObject => new(["body"], refusal.Detail, "type_error.dict"),
        RefusalReason.MissingField => new(["body", refusal.Field!], refusal.Detail, "value_error.missing"),
        RefusalReason.WrongType => new(["body", refusal.Field!], refusal.Detail, "type_error.str"),
        RefusalReason.IdTooLong => new(["body", refusal.Field!], refusal.Detail, "value_error.any_str.max_length"),
        _ => new(refusal.Field is { } field ? ["body", field] : ["body"], refusal.Detail, "value_error"),
    };

    public static Invalid Missing(string place, string name) => new(
        [place, name], $"{name} is missing; send it", "value_error.missing");
}
