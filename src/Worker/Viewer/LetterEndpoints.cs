using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Worker.DeadLetters;
using Worker.Errors;
using Worker.Front;
using Worker.Storage;
using static Worker.Viewer.PageAnswer;

namespace Worker.Viewer;

/// <summary>
/// Dead letters, for whoever may see all Files; and what is done with those that were chosen, for administrators.
/// </summary>
internal static class LetterEndpoints
{
    private const int MostShown = 1_000;
    private const int LongestBody = 1024 * 1024;

    public static void MapLetters(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ui/api/letters", ListAsync);
        routes.MapGet("/ui/api/letter", ShowAsync);
        routes.MapPost("/ui/api/letters/redrive", RedriveAsync).WithMetadata(new NeededRole(KeyRoles.Admin));
        routes.MapPost("/ui/api/letters/discard", DiscardAsync).WithMetadata(new NeededRole(KeyRoles.Admin));
    }

    private static async Task ListAsync(HttpContext context)
    {
        MustSeeAll(context);
        var most = Queries.Number(context.Request, "limit", 1, MostShown) ?? 100;
        var list = await OfBrokerAsync(() => LetterList.ReadAsync(
            Service<IDeadLetters>(context), Queries.Text(context.Request, "reason"), most, context.RequestAborted));
        await SendAsync(context, LetterJson.Of(list, Caller.Of(context).Allows(KeyRoles.Admin)));
    }

    private static async Task ShowAsync(HttpContext context)
    {
        MustSeeAll(context);
        var id = Queries.Required(context.Request, "id");
        var letters = Service<IDeadLetters>(context);
        var letter = await OfBrokerAsync(async () => letters.Exist
            ? await letters.ListAsync(context.RequestAborted)
                .FirstOrDefaultAsync(each => each.DeadLetterId == id, context.RequestAborted)
            : null);
        await SendAsync(context, LetterJson.Whole(letter ?? throw new RefusedRequestException(
            StatusCodes.Status404NotFound, $"There is no dead letter {id} any more")));
    }

    private static async Task RedriveAsync(HttpContext context)
    {
        var chosen = await ChosenAsync(context);
        var report = await OfBrokerAsync(() => Service<LetterDoings>(context).RedriveAsync(
            chosen.Ids, chosen.Canary, Caller.Of(context).ToActor(context, "viewer"), context.RequestAborted));
        await SendAsync(context, report);
    }

    private static async Task DiscardAsync(HttpContext context)
    {
        var chosen = await ChosenAsync(context);
        var discarded = await OfBrokerAsync(() => Service<LetterDoings>(context).DiscardAsync(
            chosen.Ids, Caller.Of(context).ToActor(context, "viewer"), context.RequestAborted));
        await SendAsync(context, new { Discarded = discarded });
    }

    private static async Task<Chosen> ChosenAsync(HttpContext context)
    {
        MustSeeAll(context);
        MustBeOwn(context, "worker dead-letters");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = LongestBody;
        try
        {
            var chosen = await JsonSerializer.DeserializeAsync<Chosen>(
                context.Request.Body, PageJson.SnakeCase, context.RequestAborted);
            if (chosen is { Ids.Count: > 0 and <= MostShown })
                return chosen;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new RefusedRequestException(
            StatusCodes.Status400BadRequest, $"The body has to be {{\"ids\": […]}}, with 1 to {MostShown} of them");
    }

    /// <summary>A broker that does not answer, or does not let this front in, is told by its own sentence.</summary>
    private static async Task<T> OfBrokerAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ServerUnreachableException exception)
        {
            throw new RefusedRequestException(
                StatusCodes.Status503ServiceUnavailable, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>Which letters, and whether one of them goes first.</summary>
    private sealed record Chosen(HashSet<string> Ids, bool Canary = true);
}
