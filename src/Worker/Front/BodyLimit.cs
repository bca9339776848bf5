using Microsoft.AspNetCore.Http;

namespace Worker.Front;

/// <summary>How large a body may be, as it comes and unpacked; a key may be for less than the front takes.</summary>
/// <param name="Sentence">For whoever sends more.</param>
internal readonly record struct BodyLimit(int Bytes, string Sentence)
{
    /// <param name="most">What the front takes of anybody there.</param>
    public static BodyLimit Of(HttpContext context, int most, string sentence) =>
        Caller.Of(context) is { MaxBody: { } own, KeyId: { } id } && own < most
            ? new(
                own,
                $"The body is larger than {own} bytes, as it comes or unpacked, and key {id} is for no more; send less")
            : new(most, sentence);
}
