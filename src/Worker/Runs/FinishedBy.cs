namespace Worker.Runs;

/// <summary>Why a trace was taken to be finished.</summary>
internal enum FinishedBy
{
    /// <summary>It was marked complete.</summary>
    Flag,

    /// <summary>Nothing came for <c>Traces:Quiet</c>.</summary>
    Quiet,

    /// <summary>It was older than <c>Traces:MaxAge</c>.</summary>
    MaxAge,
}
