namespace Worker.Publishing;

/// <param name="Published">Messages that are durable at their destination.</param>
/// <param name="BadLines">Lines that are no message, or that the broker rejected.</param>
internal sealed record PublishCounts(long Published, long BadLines);
