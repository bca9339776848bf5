using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Evaluation;
using Worker.Files;
using Worker.Front;
using Worker.Reading;
using static Worker.Viewer.PageAnswer;

namespace Worker.Viewer;

/// <summary>What Evaluators said in a time, summed, for whoever may see all Files.</summary>
internal static class VerdictsEndpoint
{
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

    private static VerdictTime TimeOf(HttpContext context) =>
        VerdictTime.Parse(
            Queries.Text(context.Request, "since"),
            Queries.Text(context.Request, "until"),
            Service<TimeProvider>(context).GetUtcNow(),
            out var problem)
        ?? throw new RefusedRequestException(StatusCodes.Status400BadRequest, problem!);
}
