namespace Worker.Ingestion;

/// <summary>What became of a letter that was redriven.</summary>
internal enum RedriveFate
{
    /// <summary>A worker dealt with it, and it did not come back.</summary>
    Taken,

    /// <summary>It was refused again.</summary>
    Returned,

    /// <summary>No worker has dealt with it, because none is running or it has much else to do.</summary>
    Unknown,
}
