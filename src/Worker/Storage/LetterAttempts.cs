using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Worker.Storage;

/// <summary>
/// How often a message was refused, and why, oldest first: the first time and the last ones, so that a message that is
/// put back again and again does not grow. Written as JSON, into a header or a column.
/// </summary>
internal static class LetterAttempts
{
    /// <summary>Kept at most: the first, and those that came last.</summary>
    public const int Most = 10;

    /// <summary>Characters of JSON that are read at most: no more is ever written.</summary>
    private const int Longest = Most * 2_048;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One more.</summary>
    public static ImmutableArray<LetterAttempt> With(
        this ImmutableArray<LetterAttempt> earlier, DateTimeOffset at, string reason, string? detail)
    {
        var next = new LetterAttempt(earlier.IsEmpty ? 1 : earlier[^1].Number + 1, at, reason, detail);
        return earlier.Length < Most ? earlier.Add(next) : [earlier[0], .. earlier[^(Most - 2)..], next];
    }

    /// <summary>When and by which reason alone, for what is not to be saved.</summary>
    public static ImmutableArray<LetterAttempt> WithoutDetails(this ImmutableArray<LetterAttempt> attempts) =>
        [.. attempts.Select(attempt => attempt with { Detail = null })];

    /// <summary>Null where there are none.</summary>
    public static string? Write(ImmutableArray<LetterAttempt> attempts) =>
        attempts.IsEmpty ? null : JsonSerializer.Serialize(attempts, Options);

    /// <summary>None where the text is not what <see cref="Write"/> writes: a header may be anybody's.</summary>
    public static ImmutableArray<LetterAttempt> Read(string? json)
    {
        if (json is not { Length: > 0 and <= Longest })
            return [];
        try
        {
            var read = JsonSerializer.Deserialize<ImmutableArray<LetterAttempt>>(json, Options);
            return read.IsDefault || read.Length > Most || read.Any(each => each?.Reason is null) ? [] : read;
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
