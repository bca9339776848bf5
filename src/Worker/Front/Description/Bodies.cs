namespace Worker.Front.Description;

/// <summary>What any endpoint may answer that reads a body.</summary>
internal static class Bodies
{
    public static IEnumerable<Answer> Unreadable =>
    [
        Answer.Fault(400, "The body broke off, or is no body of HTTP."),
        Answer.Fault(408, "The body came too slowly."),
    ];

    public static Answer TooLarge => Answer.Fault(
        413,
        "The body, or the message that is made of it, is larger than Ingestion:MaxMessageBytes, "
        + "or than the key allows.");
}
