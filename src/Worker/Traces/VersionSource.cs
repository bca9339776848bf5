namespace Worker.Traces;

/// <summary>How a Log's Version was found, in the order in which the ways are tried.</summary>
internal enum VersionSource
{
    /// <summary>Nothing names a File.</summary>
    None,

    /// <summary>By <c>version_id</c>.</summary>
    VersionId,

    /// <summary>What was deployed to <c>version_environment</c>.</summary>
    Environment,

    /// <summary>From the details in the message.</summary>
    Inline,

    /// <summary>The File's default deployment.</summary>
    Default,

    /// <summary>The File's version without any details.</summary>
    Empty,
}
