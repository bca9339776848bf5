using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Worker.Front;

/// <summary>How large a body may be, as it comes and unpacked; a key may be for less than the front takes.</summary>
/// <param name="Sentence">For whoever sends more.</param>
internal readonly record struct BodyLimit(int Bytes, string Sentence)
{
    /// <param name="most">What the front takes of anybody there, where the endpoint does not take less.</param>
    public static BodyLimit Of(HttpContext context, int most, string sentence)
    {
        var endpoint = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>();
        if (endpoint?.MaxRequestBodySize is { } there && there < most)
            (most, sentence) = ((int)there, $"The body is larger than the {there} bytes allowed here; send less");
        return Caller.Of(context) is { MaxBody: { } own, KeyId: { } id } && own < most
            ? new(
                own,
                $"The body is larger than {own} bytes, as it comes or unpacked, and key {id} is for no more; send less")
            : new(most, sentence);
    }
}
