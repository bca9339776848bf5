namespace Worker.Diagnostics;

/// <summary>A server that the worker waits for, however long it is away.</summary>
internal interface IServer
{
    /// <summary>Answers when the server does, asked afresh; throws where it does not.</summary>
    Task AskAsync(CancellationToken cancellationToken);
}
