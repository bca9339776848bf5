namespace Worker.Traces;

/// <summary>What a field accepts. A value of another type is dropped and listed in the Log's problems.</summary>
internal enum FieldType
{
    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A string; a number, boolean, array or object becomes its JSON text.</summary>
    LenientText,

    /// <summary>
    /// ISO 8601 with a zone, or without (UTC); or Unix seconds, from 1e11 on milliseconds, as a number. Kept as ISO
    /// 8601 UTC text.
    /// </summary>
    Date,

    /// <summary>A string, kept as <see cref="LogStatuses"/> has it.</summary>
    Status,

    Number,

    /// <summary>True or false.</summary>
    Boolean,

    Map,

    List,

    /// <summary>Any value but null.</summary>
    Any,
}
