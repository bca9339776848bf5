using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Assessment;
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
    public static void MapVerdicts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ui/api/verdicts", ReadAsync);
        routes.MapGet("/ui/api/verdicts/parts", ReadPartsAsync);
        routes.MapGet("/ui/api/verdicts/agreement", ReadAgreementAsync);
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

    /// <summary>Of one Evaluator, beside what people say of the same Logs.</summary>
    private static async Task ReadAgreementAsync(HttpContext context)
    {
        MustSeeAll(context);
        var name = DerivedIds.NormalPath(Queries.Required(context.Request, "evaluator"));
        var report = Service<AgreementReport>(context);
        var agreement = await report.ReadAsync(name, TimeOf(context), context.RequestAborted)
            ?? throw new RefusedRequestException(
                StatusCodes.Status404NotFound, $"No Evaluator {name} is in the files or in the store");
        await SendAsync(context, VerdictsJson.Of(agreement, report.MostVerdicts, report.MostLogs));
    }

    private static VerdictTime TimeOf(HttpContext context) =>
        VerdictTime.Parse(
            Queries.Text(context.Request, "since"),
            Queries.Text(context.Request, "until"),
            Service<TimeProvider>(context).GetUtcNow(),
            out var problem)
        ?? throw new RefusedRequestException(StatusCodes.Status400BadRequest, problem!);
}
