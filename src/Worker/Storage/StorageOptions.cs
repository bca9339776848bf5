using System.ComponentModel.DataAnnotations;

namespace Worker.Storage;

/// <summary>Where the embedded store lies, and when stores are migrated. Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>
    /// The folder of the SQLite file and its lock; relative to the working directory when not absolute. Made when it
    /// does not exist.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data";

    /// <summary>
    /// Whether the schema of a store that an earlier version made is led on by whatever opens it. False: it is refused
    /// until <c>worker migrate --apply</c> has done it.
    /// </summary>
    public bool Migrate { get; set; } = true;
}
