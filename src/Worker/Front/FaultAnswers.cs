using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Models;
using Worker.Publishing;

namespace Worker.Front;

/// <summary>
/// Whatever goes wrong becomes an answer: short, without a stack trace, and true about what was taken.
/// </summary>
internal sealed partial class FaultAnswers(
    RequestDelegate next, Outage outage, IOptions<IngestionOptions> options, ILogger<FaultAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // There is nobody left to be answered.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await AnswerAsync(context, exception);
        }
        catch (Exception exception)
        {
            // The client must not take the half for the whole.
            AnswerCutOff(exception);
            context.Abort();
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        var response = context.Response;
        switch (exception)
        {
            case RefusedRequestException { Invalid: { } invalid }:
                return Answers.InvalidAsync(response, invalid);
            case RefusedRequestException refused:
                return Answers.SentenceAsync(response, refused.Status, refused.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Answers.SentenceAsync(
                    response,
                    StatusCodes.Status413PayloadTooLarge,
                    BodyLimit.Of(context, options.Value.MaxMessageBytes, RequestReader.TooLarge).Sentence);
            case BadHttpRequestException bad:
                return Answers.SentenceAsync(response, bad.StatusCode, bad.Message);
            case NoRoomException or NotTakenException or KeysUnreadException:
                return Answers.UnavailableAsync(response, exception.Message);
            case ModelCallException fault:
                return Answers.ModelFaultAsync(response, fault);
            case var fault when StoredLogs.IsFault(fault):
                outage.Unread(fault.Message);
                return Answers.UnavailableAsync(response, "The store does not answer; what was logged is not lost");
            default:
                RequestFailed(exception);
                return Answers.SentenceAsync(
                    response,
                    StatusCodes.Status500InternalServerError,
                    "The front failed by a fault of its own, which its log tells; nothing was taken");
        }
    }

    [LoggerMessage(LogLevel.Error, "A request failed by a fault of the front's own")]
    private partial void RequestFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "An answer was cut off, because the rest could not be read")]
    private partial void AnswerCutOff(Exception exception);
}
