using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Worker.Evaluation;
using Worker.Front;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;
using static Worker.Viewer.PageAnswer;

namespace Worker.Viewer;

/// <summary>
/// What waits for a person, and what that person says of it: which goes the way of every verdict that is posted to the
/// front.
/// </summary>
internal static class ReviewEndpoints
{
    private const int MostItems = 100;
    private const int LongestBody = 256 * 1024;
    private const int LongestName = 200;

    public static void MapReview(this IEndpointRouteBuilder routes)
    {
        var review = routes.MapGroup("").WithMetadata(new NeededRole(KeyRoles.Review));
        review.MapGet("/ui/api/review", ListAsync);
        review.MapPost("/ui/api/review", GiveAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.Allows(KeyRoles.Read))
        {
            throw new RefusedRequestException(
                StatusCodes.Status403Forbidden, "Who reviews has to see what is judged: that takes the role read, too");
        }

        var query = QueryOf(context);
        var evaluators = Evaluators(context);
        var chosen = Queries.Text(context.Request, "evaluator") is { } id
            ? Find(evaluators, id)
            : evaluators.FirstOrDefault();
        var page = chosen is null ? new([], null, 0, false) : await Service<ReviewQueue>(context).ListAsync(
            chosen,
            query,
            Queries.Flag(context.Request, "judged") ?? false,
            TraceCursor.Parse(Queries.Text(context.Request, "after")),
            Queries.Number(context.Request, "limit", 1, MostItems) ?? 50,
            caller.MaySee,
            context.RequestAborted);
        await SendAsync(context, ReviewJson.Of(caller.Name, evaluators, chosen, page));
    }

    private static async Task GiveAsync(HttpContext context)
    {
        MustBeOwn(context, "POST /v5/evaluators/log");
        var (caller, given) = (Caller.Of(context), await GivenAsync(context));
        var evaluator = Find(Evaluators(context), given.EvaluatorId);
        await Service<StoredLogs>(context).MustBeSeenAsync(given.LogId, caller);
        var judgment = given.Judgment is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } said
            ? JsonValue.Parse(said.GetRawText())
            : (JsonValue?)null;
        if (evaluator.Judging.Returns.Problem(judgment) is { } problem)
            throw Bad(problem.TrimEnd('.'));
        var person = caller.Name ?? given.User?.Trim();
        if (person is not { Length: > 0 and <= LongestName })
            throw Bad($"A verdict is somebody's: user has to be a name of at most {LongestName} characters");
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                LogId = DerivedIds.Review(given.LogId, evaluator.Id, person),
                ParentId = given.LogId,
                evaluator.Id,
                evaluator.Path,
                evaluator.VersionId,
                User = person,
                CreatedAt = Service<TimeProvider>(context).GetUtcNow(),
                Judgment = judgment is null ? null : given.Judgment,
            },
            PageJson.SnakeCase);
        var request = Service<RequestReader>(context).Make(MessageKind.EvaluatorLogged, body, isNamed: true);
        var taken = await Service<Reception>(context).TakeAsync(request, caller);
        await SendAsync(context, new { taken.Log.Id, User = person });
    }

    /// <summary>Those of people whose verdicts this caller may give.</summary>
    private static List<Evaluator> Evaluators(HttpContext context) =>
        [.. Service<EvaluatorCatalog>(context).Known.Where(
            evaluator => evaluator.IsHuman && Caller.Of(context).MaySee(evaluator.Path))];

    private static Evaluator Find(List<Evaluator> evaluators, string id) =>
        evaluators.Find(each => each.Id == id) ?? throw new RefusedRequestException(
            StatusCodes.Status404NotFound, $"There is no Evaluator {id} of the kind human that is yours to judge by");

    private static async Task<Given> GivenAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = LongestBody;
        try
        {
            var given = await JsonSerializer.DeserializeAsync<Given>(
                context.Request.Body, PageJson.SnakeCase, context.RequestAborted);
            if (given is { EvaluatorId.Length: > 0, LogId.Length: > 0 })
                return given;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw Bad("The body has to be {\"evaluator_id\": …, \"log_id\": …, \"judgment\": …}");
    }

    private static RefusedRequestException Bad(string sentence) => new(StatusCodes.Status400BadRequest, sentence);

    /// <summary>What somebody says of a Log.</summary>
    /// <param name="Judgment">Null takes it back.</param>
    /// <param name="User">Who it is, where no key says so.</param>
    private sealed record Given(string EvaluatorId, string LogId, JsonElement? Judgment = null, string? User = null);
}
