namespace Worker.Traces;

/// <summary>What named the Log of a message.</summary>
internal enum LogIdentity
{
    /// <summary>Its <c>log_id</c>.</summary>
    LogId,

    /// <summary>The AMQP message id: the same id with another body is refused.</summary>
    MessageId,

    /// <summary>The hash of kind and body: a repeat is the same Log, and counts as collapsed.</summary>
    Body,
}
