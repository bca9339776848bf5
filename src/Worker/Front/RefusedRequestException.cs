using Microsoft.AspNetCore.Http;

namespace Worker.Front;

/// <summary>A request that is answered with a fault; nothing of it was taken.</summary>
/// <param name="status">The HTTP status; with 422 comes <see cref="Invalid"/>.</param>
internal sealed class RefusedRequestException(int status, string sentence) : Exception(sentence)
{
    public RefusedRequestException(Invalid invalid)
        : this(StatusCodes.Status422UnprocessableEntity, invalid.Message) => Invalid = invalid;

    public int Status { get; } = status;

    public Invalid? Invalid { get; }
}
