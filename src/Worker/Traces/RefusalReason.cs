namespace Worker.Traces;

/// <summary>Why a message can never succeed. The wire names are these in snake case.</summary>
internal enum RefusalReason
{
    MalformedJson,
    NotAnObject,
    UnknownType,
    MissingField,
    WrongType,
    IdTooLong,
    TooLarge,
    TooDeep,
    KindMismatch,
    MessageIdReused,
    InvalidJudgment,
    Poison,
}
