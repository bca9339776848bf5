using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Evaluation;
using Worker.Files;
using Worker.Front;
using Worker.Reading;
using Worker.Traces;
using static Worker.Viewer.PageAnswer;

namespace Worker.Viewer;

/// <summary>What Evaluators said in a time, summed, for whoever may see all Files.</summary>
internal static class VerdictsEndpoint
{
    private const string Usual = "24h";

    public static void MapVerdicts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ui/api/verdicts", ReadAsync);
        routes.MapGet("/ui/api/verdicts/parts", ReadPartsAsync);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        MustSeeAll(context);
        var time = TimeOf(context);
        var paths = Queries.Text(context.Request, "path") is { } path ? new PathGlob(path) : null;
        var (evaluators, isCut) = await Service<VerdictReport>(context).ReadAsync(time, paths, context.RequestAborted);
        await SendAsync(context, VerdictsJson.Of(time, evaluators, isCut, Service<EvaluatorCatalog>(context)));
    }

    /// <summary>Of one Evaluator, by what it judged.</summary>
    private static async Task ReadPartsAsync(HttpContext context)
    {
        MustSeeAll(context);
        var (parts, isCut) = await Service<JudgedReport>(context).ReadAsync(
            Queries.Required(context.Request, "evaluator"), TimeOf(context), context.RequestAborted);
        await SendAsync(context, VerdictsJson.Of(parts, isCut, Service<EvaluatorCatalog>(context)));
    }

    private static VerdictTime TimeOf(HttpContext context)
    {
        var now = Service<TimeProvider>(context).GetUtcNow();
        var until = Moment(context.Request, "until", now) ?? now;
        var from = Moment(context.Request, "since", now) ?? Timestamps.ToInstant(TraceQuery.Moment(Usual, now)!.Value);
        if (from >= until)
            throw new RefusedRequestException(StatusCodes.Status400BadRequest, "since has to be before until");
        return new(from, until);
    }

    private static DateTimeOffset? Moment(HttpRequest request, string name, DateTimeOffset now)
    {
        if (Queries.Text(request, name) is not { } text)
            return null;
        return TraceQuery.Moment(text, now) is { } instant
            ? Timestamps.ToInstant(instant)
            : throw new RefusedRequestException(
                StatusCodes.Status400BadRequest, $"{name} is a date, or as long ago as 15m, 2h, 7d");
    }
}
