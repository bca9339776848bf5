namespace Worker.Storage.MongoDb;

/// <summary>What went wrong with a command, told apart by <see cref="Fault"/> and <see cref="Code"/>, never by text.</summary>
internal sealed class MongoException(MongoFault fault, int code, string message, IReadOnlyCollection<string>? labels = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public MongoFault Fault { get; } = fault;

    /// <summary>The server's code; the driver's own, where no server spoke.</summary>
    public int Code { get; } = code;

    /// <summary>The server's own words on whether to try again, e.g. <c>RetryableWriteError</c>.</summary>
    public IReadOnlyCollection<string> Labels { get; } = labels ?? [];

    /// <summary>The same command may well be done a moment later.</summary>
    public bool IsTransient => Fault is MongoFault.Network or MongoFault.NoServer
        || (Fault == MongoFault.Server && (MongoCodes.IsTransient(Code) || Labels.Any(MongoCodes.IsTransient)));

    /// <summary>The same, told to whoever runs the worker.</summary>
    public MongoException InWords(string sentence) => new(Fault, Code, sentence, Labels, this);
}
