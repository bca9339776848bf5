namespace Worker.Storage;

/// <summary>What the holder of a key may do at the front. Each allows only what it says.</summary>
[Flags]
internal enum KeyRoles
{
    None = 0,

    /// <summary>Log, update and delete Logs.</summary>
    Ingest = 1,

    /// <summary>Look at what is stored.</summary>
    Read = 2,

    /// <summary>Give verdicts.</summary>
    Review = 4,

    /// <summary>Everything, and alone: Files, deployments, what is attached.</summary>
    Admin = 8,
}
