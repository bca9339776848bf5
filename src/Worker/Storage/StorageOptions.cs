using System.ComponentModel.DataAnnotations;

namespace Worker.Storage;

/// <summary>Where the embedded store lies. Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>
    /// The folder of the SQLite file and its lock; relative to the working directory when not absolute. Made when it
    /// does not exist.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data";
}
