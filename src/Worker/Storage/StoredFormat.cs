using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// The version of a Log's document, which stands in it as <c>format</c>. One without it is from before that, and of
/// format 1. Raised when a reader of the format before would take a document for something else; a new name in it is
/// no reason, because names that are not known are passed over.
/// </summary>
internal static class StoredFormat
{
    public const string Name = "format";

    public const int Known = 1;

    /// <summary>Throws <see cref="StoreUnusableException"/> when a later version of worker wrote it.</summary>
    public static void MustBeKnown(int format)
    {
        if (format > Known)
        {
            throw new StoreUnusableException(
                "A stored Log was written by a later version of worker " +
                $"(its format is {format}, this one knows {Known}): use that version.");
        }
    }
}
