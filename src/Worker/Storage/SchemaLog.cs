namespace Worker.Storage;

/// <summary>What the log says of a schema that is led on at a start, which may take its time.</summary>
internal static partial class SchemaLog
{
    /// <summary>Each step once, as it begins.</summary>
    public static Action<SchemaProgress> Of(ILogger logger, string store) => progress =>
    {
        if (progress.Documents is null)
            SchemaStepBegan(logger, store, progress.Step.Number, progress.Step.Title);
    };

    [LoggerMessage(LogLevel.Information, "The schema of {Store} is led on, by step {Step}: {Title}")]
    private static partial void SchemaStepBegan(ILogger logger, string store, int step, string title);
}
